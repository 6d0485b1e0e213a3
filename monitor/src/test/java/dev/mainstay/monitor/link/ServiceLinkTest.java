package dev.mainstay.monitor.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServiceLinkTest {
    private final Outbox outbox = new Outbox();
    private final LinkedBlockingQueue<ToMonitor> orders = new LinkedBlockingQueue<>();
    private final CompletableFuture<ServiceLink.End> end = new CompletableFuture<>();
    private final List<Throwable> bugs = new CopyOnWriteArrayList<>();
    private ServiceEnd service;
    private ServiceLink link;

    @BeforeEach
    void connect() throws Exception {
        service = new ServiceEnd();
        link = linkTo(service);
        run(link, end);
    }

    private ServiceLink linkTo(ServiceEnd there) {
        return new ServiceLink(
                new ServiceLink.Settings(
                        there.socket(), "default", "token", 20_000, new ToService.Hello.ProcessRef(1, 2, "boot")),
                outbox,
                () -> new ToService.Inventory(List.of(), List.of()),
                bugs::add);
    }

    private void run(ServiceLink which, CompletableFuture<ServiceLink.End> ended) {
        Thread.ofVirtual().start(() -> {
            try {
                ended.complete(which.run(orders::add));
            } catch (InterruptedException e) {
                ended.completeExceptionally(e);
            }
        });
    }

    @AfterEach
    void close() throws Exception {
        link.end(0);
        service.close();
    }

    private static HeldResource held(HeldState state, long sequence) {
        return new HeldResource("web", state, sequence, 1, 1, 1, "", "", 0, 0);
    }

    @Test
    void greetsWithItsTokenAndTellsWhatItHolds() throws Exception {
        var hello = service.accept();
        service.send(new ToMonitor.Welcome(1, "key", 20_000));

        assertThat(hello.credential()).isEqualTo("token");
        assertThat(service.read(ToService.Inventory.class, _ -> true).held()).isEmpty();
    }

    @Test
    void comesBackWithTheSessionKeyAfterTheServiceDied() throws Exception {
        service.accept();
        service.send(new ToMonitor.Welcome(1, "key", 20_000));
        service.read(ToService.Inventory.class, _ -> true);
        service.die();
        service.comeBack();

        assertThat(service.accept().credential()).isEqualTo("key");
        service.send(new ToMonitor.Welcome(1, "key", 20_000));
        service.read(ToService.Inventory.class, _ -> true);
    }

    @Test
    void connectsAgainAfterSomethingUnreadable() throws Exception {
        service.accept();
        service.send(new ToMonitor.Welcome(1, "key", 20_000));
        service.sendBytes(new byte[] {'G', 'E', 'T', ' ', '/', ' ', 'H', 'T', 'T', 'P'});

        assertThat(service.accept().credential()).isEqualTo("key");
    }

    @Test
    void endsWhenNobodyComesBackWithinTheHoldTime() throws Exception {
        service.accept();
        service.send(new ToMonitor.Welcome(1, "key", 1));
        service.die();

        assertThat(end.get(20, TimeUnit.SECONDS)).isEqualTo(ServiceLink.End.LOST);
    }

    @Test
    void endsWhenAServiceThatNeverAnswersIsAllThereIsWithinTheHoldTime() throws Exception {
        service.accept();
        service.send(new ToMonitor.Welcome(1, "key", 300));
        service.read(ToService.Inventory.class, _ -> true);
        service.die();
        service.comeBack();

        assertThat(end.get(20, TimeUnit.SECONDS)).isEqualTo(ServiceLink.End.LOST);
    }

    @Test
    void triesAServiceThatTalksNonsenseAfterEachWelcomeLessAndLessAndNotForEver() throws Exception {
        var visits = new AtomicInteger();
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    service.accept();
                    visits.incrementAndGet();
                    service.send(new ToMonitor.Welcome(1, "key", 2_000));
                    service.sendBytes(new byte[] {'G', 'E', 'T', ' ', '/', ' ', 'H', 'T', 'T', 'P'});
                }
            } catch (Exception closed) {
                visits.addAndGet(0);
            }
        });

        assertThat(end.get(20, TimeUnit.SECONDS)).isEqualTo(ServiceLink.End.LOST);
        assertThat(visits.get()).isBetween(3, 8);
    }

    @Test
    void triesTheFirstConnectionAgain() throws Exception {
        try (var late = new ServiceEnd()) {
            late.die();
            var lateEnd = new CompletableFuture<ServiceLink.End>();
            var lateLink = linkTo(late);
            run(lateLink, lateEnd);
            assertThatThrownBy(() -> lateEnd.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            late.comeBack();

            assertThat(late.accept().credential()).isEqualTo("token");
            lateLink.end(0);
        }
    }

    @Test
    void triesAgainWhenItIsRefusedAfterItWasAcceptedUntilTheHoldTimeIsOver() throws Exception {
        service.accept();
        service.send(new ToMonitor.Welcome(1, "key", 1_000));
        service.die();
        service.comeBack();
        service.accept();
        service.send(new ToMonitor.Refused("no monitor of this name is expected now"));

        assertThat(service.accept().credential()).isEqualTo("key");
        service.send(new ToMonitor.Refused("no monitor of this name is expected now"));
        assertThat(end.isDone()).isFalse();
        service.die();
        assertThat(end.get(20, TimeUnit.SECONDS)).isEqualTo(ServiceLink.End.LOST);
    }

    @Test
    void passesBeatsOnToBeAnswered() throws Exception {
        service.accept();
        service.send(new ToMonitor.Welcome(2, "key", 20_000));
        service.send(new ToMonitor.Beat(7, 1_000, 10_000));

        assertThat(orders.poll(20, TimeUnit.SECONDS)).isEqualTo(new ToMonitor.Beat(7, 1_000, 10_000));
    }

    @Test
    void leavesAConnectionOnWhichNoBeatComesAnyMoreAndConnectsAgain() throws Exception {
        service.accept();
        service.send(new ToMonitor.Welcome(2, "key", 20_000));
        service.send(new ToMonitor.Beat(1, 20, 100));

        assertThat(service.accept().credential()).isEqualTo("key");
    }

    @Test
    void isWithoutAServiceFromTheLastBeatOnHoweverOftenItIsWelcomed() throws Exception {
        Thread.ofVirtual().start(() -> {
            try {
                service.accept();
                service.send(new ToMonitor.Welcome(2, "key", 1_500));
                service.send(new ToMonitor.Beat(1, 20, 100));
                while (true) {
                    service.accept();
                    service.send(new ToMonitor.Welcome(2, "key", 1_500));
                    service.closeConnection();
                }
            } catch (Exception closed) {
                assertThat(closed).isNotNull();
            }
        });

        assertThat(end.get(20, TimeUnit.SECONDS)).isEqualTo(ServiceLink.End.LOST);
    }

    @Test
    void passesOrdersOn() throws Exception {
        service.accept();
        service.send(new ToMonitor.Welcome(1, "key", 20_000));
        service.send(new ToMonitor.Online("web", 3, 4, "REQUESTED"));

        assertThat(orders.poll(20, TimeUnit.SECONDS)).isEqualTo(new ToMonitor.Online("web", 3, 4, "REQUESTED"));
    }

    @Test
    void keepsTheLastFailureAndTheLatestStateForAServiceThatDoesNotRead() throws Exception {
        var waiting = new Outbox();
        Outbox.Pen pen = _ -> {};
        waiting.connected(pen, () -> new ToService.Inventory(List.of(), List.of()));
        for (int i = 0; i < 10; i++) {
            waiting.report(held(HeldState.FAILED, 3L * i));
            waiting.report(held(HeldState.ONLINE_PENDING, 3L * i + 1));
            waiting.report(held(HeldState.ONLINE, 3L * i + 2));
        }

        assertThat(waiting.take(pen)).containsInstanceOf(ToService.Inventory.class);
        assertThat(waiting.take(pen)).contains(new ToService.Report(held(HeldState.FAILED, 27)));
        assertThat(waiting.take(pen)).contains(new ToService.Report(held(HeldState.ONLINE, 29)));
    }
}
