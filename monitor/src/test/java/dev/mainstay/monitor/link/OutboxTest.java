package dev.mainstay.monitor.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.protocol.ToService;
import dev.mainstay.protocol.ToService.ControlExtended;
import dev.mainstay.protocol.ToService.Inventory;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private final Outbox outbox = new Outbox();
    private final List<ToService> written = new CopyOnWriteArrayList<>();
    private final Outbox.Pen pen = written::addAll;

    private Optional<ToService> connectedAndTold() throws InterruptedException {
        outbox.connected(pen, () -> new Inventory(List.of(), List.of()));
        return outbox.take(pen);
    }

    /// The writer's next message, for which it waits already when this returns.
    private CompletableFuture<Optional<ToService>> taking(Outbox.Pen by) {
        var taken = new CompletableFuture<Optional<ToService>>();
        var writer = Thread.ofPlatform().start(() -> {
            try {
                taken.complete(outbox.take(by));
            } catch (InterruptedException e) {
                taken.completeExceptionally(e);
            }
        });
        while (writer.getState() != Thread.State.WAITING && writer.isAlive()) {
            Thread.onSpinWait();
        }
        return taken;
    }

    @Test
    void letsAThreadThatHasNothingLeftToDoWriteItsAnswer() throws Exception {
        connectedAndTold();
        var idle = taking(pen);

        assertThat(outbox.tellLast(new ControlExtended(1, 1))).isTrue();

        assertThat(written).containsExactly(new ControlExtended(1, 1));
        assertThat(idle).as("the writer was not woken").isNotDone();
        outbox.tell(new ControlExtended(2, 1));
        assertThat(idle.get(10, TimeUnit.SECONDS)).contains(new ControlExtended(2, 1));
    }

    @Test
    void leavesAnAnswerToWhoeverWrites() throws Exception {
        connectedAndTold();

        assertThat(outbox.tellLast(new ControlExtended(1, 1))).isTrue();

        assertThat(written).isEmpty();
        assertThat(outbox.more()).contains(new ControlExtended(1, 1));
    }

    @Test
    void blocksNobodyBehindAThreadThatWritesItsAnswerToAServiceThatDoesNotRead() throws Exception {
        var begun = new CountDownLatch(1);
        var read = new CountDownLatch(1);
        Outbox.Pen stuck = _ -> {
            begun.countDown();
            try {
                read.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        outbox.connected(stuck, () -> new Inventory(List.of(), List.of()));
        outbox.take(stuck);
        var idle = taking(stuck);
        var answering = CompletableFuture.runAsync(() -> outbox.tellLast(new ControlExtended(1, 1)));
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(outbox.tell(new ControlExtended(2, 1))).isTrue();
        assertThat(outbox.tellLast(new ControlExtended(3, 1))).isTrue();
        assertThat(idle).isNotDone();
        read.countDown();

        assertThat(idle.get(10, TimeUnit.SECONDS)).contains(new ControlExtended(2, 1));
        answering.get(10, TimeUnit.SECONDS);
    }

    @Test
    void letsTheWriterOfALostConnectionGo() throws Exception {
        connectedAndTold();
        var before = taking(pen);
        Outbox.Pen next = _ -> {};
        outbox.connected(next, () -> new Inventory(List.of(), List.of()));

        assertThat(before.get(10, TimeUnit.SECONDS)).isEmpty();
        assertThat(outbox.take(next)).containsInstanceOf(Inventory.class);
    }

    @Test
    void tellsAnswersInOrderAndOnlyToWhoWaits() throws Exception {
        assertThat(outbox.tell(new ControlExtended(1, 1))).as("nobody is there").isFalse();
        assertThat(connectedAndTold()).containsInstanceOf(Inventory.class);
        assertThat(outbox.tell(new ControlExtended(2, 1))).isTrue();
        assertThat(outbox.tell(new ControlExtended(3, 1))).isTrue();

        assertThat(outbox.take(pen)).contains(new ControlExtended(2, 1));
        assertThat(outbox.take(pen)).contains(new ControlExtended(3, 1));
    }

    @Test
    void keepsALimitedNumberOfAnswersForAServiceThatDoesNotRead() throws Exception {
        connectedAndTold();
        int kept = 0;
        while (outbox.tell(new ControlExtended(kept, 1))) {
            kept++;
        }

        assertThat(kept).isEqualTo(1_024);
        outbox.take(pen);
        assertThat(outbox.tell(new ControlExtended(9, 9))).isTrue();
    }

    @Test
    void forgetsAnswersWithTheConnectionAndTellsOfItsLoss() throws Exception {
        var lost = new AtomicInteger();
        outbox.whenLost(lost::incrementAndGet);
        connectedAndTold();
        outbox.tell(new ControlExtended(1, 1));
        outbox.disconnected();

        assertThat(lost).hasValue(1);
        assertThat(connectedAndTold()).containsInstanceOf(Inventory.class);
        outbox.tell(new ControlExtended(2, 1));
        assertThat(outbox.take(pen)).contains(new ControlExtended(2, 1));
    }
}
