package dev.mainstay.monitor.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.spi.Abilities;
import dev.mainstay.spi.Abilities.Characteristic;
import dev.mainstay.spi.ControlAnswer;
import dev.mainstay.spi.ResourceFailure;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the monitor itself tells the types.
class NoticesTest {
    @TempDir
    Path directory;

    private final AskedType type =
            new AskedType(Abilities.NONE.being(Characteristic.REQUIRES_STATE_CHANGE_REASON), false);
    private final CountDownLatch leave = new CountDownLatch(1);
    private AskedHost rig;

    @BeforeEach
    void start() throws Exception {
        rig = new AskedHost(directory, type);
    }

    @AfterEach
    void letGo() throws InterruptedException {
        leave.countDown();
        rig.stop();
    }

    @Test
    void tellsTheReasonRightBeforeOffline() {
        rig.online("web");
        rig.voice.forget();
        rig.host.order(new ToMonitor.Offline("web", 1, "MOVE"));
        rig.voice.heard("web", HeldState.OFFLINE);

        assertThat(type.calls).endsWith("web state-change-reason {reason=[MOVE]}", "offline web");
    }

    @Test
    void tellsTheReasonRightBeforeTerminate() {
        rig.online("web");
        rig.host.order(new ToMonitor.Fail("web", "asked to"));
        rig.voice.heard("web", HeldState.FAILED);

        assertThat(type.calls).endsWith("web state-change-reason {reason=[FAILURE]}", "terminate web");
    }

    @Test
    void tellsNothingToATypeThatDoesNotWantIt() throws Exception {
        var plain = new AskedHost(directory.resolve("plain"), new AskedType());
        plain.online("web");
        plain.voice.forget();
        plain.host.order(new ToMonitor.Offline("web", 1, "MOVE"));
        plain.voice.heard("web", HeldState.OFFLINE);

        assertThat(plain.type.calls).containsExactly("startup", "open web", "online web", "offline web");
    }

    @Test
    void doesNotKeepTerminateWaitingForACallOrForTheNotice() {
        rig.open("web");
        type.deeds.put("online", leave::await);
        rig.host.order(new ToMonitor.Online("web", 1, 1, "REQUESTED"));
        rig.awaitCall("online web");
        rig.host.order(new ToMonitor.Fail("web", "asked to"));
        rig.awaitCall("terminate web");
        rig.voice.said("told by terminate alone");

        rig.open("api");
        type.answers.put("state-change-reason", _ -> {
            try {
                leave.await();
            } catch (InterruptedException e) {
                throw new ResourceFailure("interrupted", e);
            }
            return ControlAnswer.done();
        });
        type.deeds.remove("online");
        rig.host.order(new ToMonitor.Online("api", 1, 1, "REQUESTED"));
        rig.voice.heard("api", HeldState.ONLINE);
        rig.host.order(new ToMonitor.Fail("api", "asked to"));
        rig.awaitCall("terminate api");
    }

    @Test
    void goesOfflineEvenWhenTheNoticeFails() {
        rig.online("web");
        rig.voice.forget();
        type.answers.put("state-change-reason", request -> request.pending(_ -> ControlAnswer.done()));
        rig.host.order(new ToMonitor.Offline("web", 1, "MOVE"));
        rig.voice.heard("web", HeldState.OFFLINE);

        rig.voice.said("'state-change-reason' is a notice: it is answered at once");
        assertThat(type.calls).endsWith("offline web");
    }

    @Test
    void tellsThatAResourceIsDeletedBeforeItIsClosed() {
        rig.online("web");
        rig.close("web", "DELETED");
        assertThat(type.calls).endsWith("terminate web", "web delete {}", "close web");

        rig.open("api");
        rig.close("api", "REQUESTED");
        assertThat(type.calls).doesNotContain("api delete {}");
    }

    @Test
    void tellsWhenMaintenanceBeginsAndEnds() {
        rig.online("web");
        rig.host.order(new ToMonitor.Open(maintained("web", 2, true)));
        rig.awaitCall("web set-maintenance-mode {maintenance=[true]}");
        assertThat(rig.ask("web", "query-maintenance-mode").output()).containsEntry("maintenance", List.of("true"));

        type.answers.put("set-maintenance-mode", _ -> {
            throw new ResourceFailure("the disk is away");
        });
        rig.host.order(new ToMonitor.Open(maintained("web", 3, false)));
        rig.awaitCall("web set-maintenance-mode {maintenance=[false]}");
        rig.voice.said("maintenance ends, but the type did not take the notice: the disk is away");
        rig.voice.heard(held -> held.specRevision() == 3, "revision 3");
    }

    private static ResourceSpec maintained(String name, long revision, boolean maintenance) {
        return new ResourceSpec(
                name, "group", "asked", Map.of("later", List.of("a")), List.of(), 0, 0, 0, 0, revision, maintenance);
    }

    @Test
    void cancelsAPendingOperationBesideItsInterrupt() {
        type.onlineWork = Optional.of(_ -> {
            type.calls.add("working");
            leave.await();
        });
        rig.open("web");
        rig.host.order(new ToMonitor.Online("web", 1, 1, "REQUESTED"));
        rig.awaitCall("working");
        rig.voice.forget();
        rig.host.order(new ToMonitor.Offline("web", 1, "REQUESTED"));
        rig.voice.heard("web", HeldState.OFFLINE);

        rig.awaitCall("cancel web");
        assertThat(type.calls).contains("terminate web").containsOnlyOnce("cancel web");
    }

    @Test
    void doesNotCancelWhatHasEnded() {
        rig.online("web");
        rig.host.order(new ToMonitor.Fail("web", "asked to"));
        rig.voice.heard("web", HeldState.FAILED);

        assertThat(type.calls).doesNotContain("cancel web");
    }
}
