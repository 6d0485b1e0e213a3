package dev.mainstay.monitor.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.fixtures.Eventually;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService.ControlDone.Result;
import dev.mainstay.protocol.ToService.Inventory;
import dev.mainstay.spi.ControlAnswer;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceFailure;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartUpTest {
    @TempDir
    Path directory;

    private final AskedType type = new AskedType();
    private AskedHost rig;

    @AfterEach
    void stop() throws InterruptedException {
        rig.stop();
    }

    @BeforeEach
    void start() throws Exception {
        rig = new AskedHost(directory, type);
    }

    @Test
    void startsATypeUpOnceBeforeItsFirstOpen() {
        assertThat(spiVersion()).isZero();
        rig.open("web");
        rig.open("api");

        assertThat(type.calls).containsExactly("startup", "open web", "open api");
        assertThat(spiVersion()).isEqualTo(1);
        assertThat(type.started.orElseThrow().oldestVersion()).isEqualTo(1);
        assertThat(type.started.orElseThrow().newestVersion()).isEqualTo(1);
    }

    @Test
    void tellsTheServiceTheVersionThatWasChosenOnce() {
        rig.host.order(new ToMonitor.Open(AskedHost.spec("web", 1, Map.of())));
        rig.voice.heard("web", HeldState.OFFLINE);
        assertThat(rig.voice.allTold(Inventory.class))
                .singleElement()
                .satisfies(
                        told -> assertThat(told.types().getFirst().abilities().spiVersion())
                                .isEqualTo(1));

        rig.close("web", "REQUESTED");
        rig.voice.forget();
        rig.host.order(new ToMonitor.Open(AskedHost.spec("web", 1, Map.of())));
        rig.voice.heard("web", HeldState.OFFLINE);

        assertThat(type.calls).endsWith("startup", "open web");
        assertThat(rig.voice.allTold(Inventory.class)).isEmpty();
    }

    private int spiVersion() {
        return rig.host.inventory().types().getFirst().abilities().spiVersion();
    }

    @Test
    void doesNotUseATypeThatSpeaksAnotherVersionAndNamesBothSides() {
        type.version = 2;
        rig.host.order(new ToMonitor.Open(AskedHost.spec("web", 1, Map.of())));

        assertThat(rig.voice.heard("web", HeldState.FAILED).detail())
                .contains("type 'asked' version '1.2'", "speaks version 2", "this monitor versions 1 to 1");
        assertThat(type.calls).containsExactly("startup");
        assertThat(spiVersion()).isZero();
    }

    @Test
    void saysWhyAStartupFailedAndTriesAgainAtTheNextOpen() {
        type.deeds.put("startup", () -> {
            throw new ResourceFailure("libfoo.so.3 is missing");
        });
        rig.host.order(new ToMonitor.Open(AskedHost.spec("web", 1, Map.of())));
        assertThat(rig.voice.heard("web", HeldState.FAILED).detail()).contains("'asked'", "libfoo.so.3 is missing");

        type.deeds.clear();
        rig.host.order(new ToMonitor.Online("web", 1, 1, "REQUESTED"));
        rig.voice.heard("web", HeldState.ONLINE);
        assertThat(type.calls).containsExactly("startup", "startup", "open web", "online web");
    }

    @Test
    void startsATypeUpAgainAfterItsLastInstanceWasClosed() {
        rig.open("web");
        rig.open("api");
        rig.close("web", "REQUESTED");
        rig.open("db");
        assertThat(type.calls).containsOnlyOnce("startup");

        rig.close("api", "REQUESTED");
        rig.close("db", "REQUESTED");
        assertThat(spiVersion()).isZero();
        rig.open("web");
        assertThat(type.calls).endsWith("startup", "open web");
    }

    @Test
    void letsNothingOfTheTypeRunBesideAStartup() throws Exception {
        var entered = new CountDownLatch(1);
        var leave = new CountDownLatch(1);
        type.deeds.put("startup", () -> {
            entered.countDown();
            leave.await();
        });
        rig.host.order(new ToMonitor.Open(AskedHost.spec("web", 1, Map.of())));
        rig.host.order(new ToMonitor.Open(AskedHost.spec("api", 1, Map.of())));
        assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
        long id = rig.send("", "get-class-info", Map.of());
        assertThat(type.calls).containsExactly("startup");

        leave.countDown();
        rig.voice.heard("web", HeldState.OFFLINE);
        rig.voice.heard("api", HeldState.OFFLINE);
        assertThat(rig.answer(id).result()).isEqualTo(Result.DONE);
        assertThat(type.calls).containsOnlyOnce("startup").startsWith("startup");
    }

    @Test
    void watchesAStartupThatHangs() throws Exception {
        var leave = new CountDownLatch(1);
        type.deeds.put("startup", leave::await);
        rig.host.order(new ToMonitor.Open(AskedHost.spec("web", 1, Map.of())));
        rig.awaitCall("startup");
        rig.time.pass(300_001);

        assertThat(rig.deadlocks).singleElement().asString().contains("startup", "300000 ms");
        leave.countDown();
        rig.voice.heard("web", HeldState.OFFLINE);
    }

    @Test
    void tellsBothPhasesToATypeThatIsStartedUpAndTheLatestToALaterOne() {
        rig.open("web");
        rig.started(1);
        rig.started(2);
        rig.awaitCall("starting-phase2 {first=[false], forms=[true]}");
        assertThat(type.calls)
                .containsSubsequence(
                        "starting-phase1 {first=[false], forms=[true]}",
                        "starting-phase2 {first=[false], forms=[true]}");

        rig.close("web", "REQUESTED");
        type.calls.clear();
        rig.open("web");
        assertThat(type.calls).containsExactly("startup", "starting-phase2 {first=[false], forms=[true]}", "open web");
    }

    @Test
    void goesOnWhenATypeDoesNotTakeANotice() {
        rig.open("web");
        type.answers.put("starting-phase2", _ -> {
            throw new IllegalStateException("not now");
        });
        rig.started(2);

        rig.voice.said("did not take the notice 'starting-phase2': IllegalStateException: not now");
    }

    @Test
    void tellsAStartedTypeThatTheMonitorEndsAfterEverythingIsOffline() throws Exception {
        rig.online("web");

        assertThat(rig.host.stop(Reason.SHUTDOWN).await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(type.calls).endsWith("offline web", "monitor-shutting-down {}");
    }

    @Test
    void endsWithoutATypeThatDoesNotComeBackFromThatNotice() throws Exception {
        var leave = new CountDownLatch(1);
        rig.open("web");
        type.answers.put("monitor-shutting-down", _ -> {
            try {
                leave.await();
            } catch (InterruptedException e) {
                throw new ResourceFailure("interrupted", e);
            }
            return ControlAnswer.done();
        });
        var stopped = rig.host.stop(Reason.SHUTDOWN);
        rig.awaitCall("monitor-shutting-down {}");
        assertThat(stopped.getCount()).isEqualTo(1);
        rig.time.pass(3_000);

        assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
        leave.countDown();
    }

    @Test
    void startsATypeUpForAControlAndKeepsItThatWay() {
        assertThat(rig.ask("", "get-class-info").result()).isEqualTo(Result.DONE);
        assertThat(rig.ask("", "get-class-info").result()).isEqualTo(Result.DONE);
        assertThat(type.calls).containsOnlyOnce("startup");

        type.version = 9;
        rig.open("web");
        assertThat(type.calls).containsOnlyOnce("startup");
        Eventually.until("web is open", () -> type.calls.contains("open web"), () -> type.calls);
    }

    @Test
    void refusesAControlOfATypeThatCannotBeUsed() {
        type.version = 9;

        var answer = rig.ask("", "get-class-info");
        assertThat(answer.result()).isEqualTo(Result.FAILED);
        assertThat(answer.error()).contains("speaks version 9");
    }
}
