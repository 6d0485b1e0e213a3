package dev.mainstay.monitor.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService.ControlDone.Result;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an order means that finds the resource where it shall be, or on its way.
class CalledTwiceTest {
    @TempDir
    Path directory;

    private final AskedType type = new AskedType();
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

    /// A control goes through the same mailbox and turn, so what it finds done before it is all there is.
    private void settle() {
        assertThat(rig.ask("web", "get-name").result()).isEqualTo(Result.DONE);
    }

    @Test
    void opensAResourceOnce() {
        rig.open("web");
        rig.host.order(new ToMonitor.Open(AskedHost.spec("web", 1, Map.of())));
        settle();

        assertThat(type.calls).containsExactly("startup", "open web", "web get-name {}");
    }

    @Test
    void doesNotCallOnlineOfWhatIsOnline() {
        rig.online("web");
        rig.host.order(new ToMonitor.Online("web", 1, 2, "REQUESTED"));
        rig.voice.heard(held -> held.attempt() == 2, "the newer attempt");

        assertThat(type.calls).containsOnlyOnce("online web");
    }

    @Test
    void doesNotCallOnlineOfWhatIsComingOnline() {
        rig.open("web");
        type.deeds.put("online", leave::await);
        rig.host.order(new ToMonitor.Online("web", 1, 1, "REQUESTED"));
        rig.awaitCall("online web");
        rig.host.order(new ToMonitor.Online("web", 1, 2, "REQUESTED"));
        rig.voice.heard(held -> held.attempt() == 2, "the newer attempt");
        leave.countDown();
        rig.voice.heard("web", HeldState.ONLINE);

        assertThat(type.calls).containsOnlyOnce("online web");
    }

    @Test
    void doesNotCallOfflineOfWhatIsOfflineOrFailed() {
        rig.open("web");
        rig.host.order(new ToMonitor.Offline("web", 5, "REQUESTED"));
        rig.voice.heard(held -> held.epoch() == 5, "the newer epoch");
        rig.host.order(new ToMonitor.Online("web", 5, 1, "REQUESTED"));
        rig.voice.heard("web", HeldState.ONLINE);
        rig.host.order(new ToMonitor.Fail("web", "asked to"));
        rig.voice.heard("web", HeldState.FAILED);
        rig.voice.forget();
        rig.host.order(new ToMonitor.Offline("web", 5, "REQUESTED"));
        rig.voice.heard("web", HeldState.OFFLINE);

        assertThat(type.calls).doesNotContain("offline web").containsOnlyOnce("terminate web");
    }

    @Test
    void terminatesWhatIsOnlineBeforeItClosesIt() {
        rig.online("web");
        rig.close("web", "REQUESTED");

        assertThat(type.calls).endsWith("online web", "terminate web", "close web");
    }

    @Test
    void opensAResourceAnewOnlyAfterItWasClosed() {
        rig.open("web");
        rig.close("web", "REQUESTED");
        rig.open("web");

        assertThat(type.calls).containsExactly("startup", "open web", "close web", "startup", "open web");
    }
}
