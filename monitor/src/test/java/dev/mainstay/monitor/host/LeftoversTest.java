package dev.mainstay.monitor.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.monitor.record.LocalRecord;
import dev.mainstay.monitor.record.Records;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.protocol.ToMonitor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a monitor makes of what the one before it left.
class LeftoversTest {
    @TempDir
    Path directory;

    private final PlayedType type = new PlayedType();
    private final HeardVoice voice = new HeardVoice();
    private HandDrivenTime time = new HandDrivenTime();
    private Host host;

    @BeforeEach
    void start() throws IOException {
        time = new HandDrivenTime();
        host = new Host(new Host.Parts(
                new Host.Place("default", directory, false),
                TypeSource.of(List.of(type)),
                (resource, _, _) -> new NoProcesses(this::endAll),
                time,
                voice,
                incident -> type.calls.add(incident.summary())));
    }

    @AfterEach
    void end() throws IOException {
        host.close();
    }

    private void endAll() {
        type.calls.add("endAll");
        if (type.unkillable) {
            throw new IllegalStateException("process 7 is in state D");
        }
    }

    private void online(String play) throws IOException {
        host.order(new ToMonitor.Open(spec(play)));
        voice.heard("web", HeldState.OFFLINE);
        host.order(new ToMonitor.Online("web", 1, 1, "REQUESTED"));
        voice.heard("web", HeldState.ONLINE);
        voice.forget();
        type.calls.clear();
        host.close();
        start();
    }

    private static ResourceSpec spec(String play) {
        return new ResourceSpec("web", "group", "played", Map.of("play", List.of(play)), List.of(), 0, 0, 0, 0, 1);
    }

    @Test
    void whatIsAdoptedIsOnlineSinceItWasBroughtOnline() throws Exception {
        online("");
        var since = new Records(directory.resolve("records"), "default")
                .find("web")
                .orElseThrow()
                .record()
                .orElseThrow()
                .onlineSince();
        time.pass(3_600_000);
        host.order(new ToMonitor.Open(spec("")));

        var adopted = voice.heard("web", HeldState.ONLINE);
        assertThat(since).isPositive();
        assertThat(adopted.changedAtMicros()).isEqualTo(since);
        assertThat(adopted.seenAtMicros()).isEqualTo(time.micros());
        // said again to each cluster service that starts: it must stay true
        assertThat(adopted.detail()).isEqualTo("adopted by this monitor, alive all the time");

        voice.forget();
        host.close();
        start();
        time.pass(7_200_000);
        host.order(new ToMonitor.Open(spec("")));
        assertThat(voice.heard("web", HeldState.ONLINE).changedAtMicros())
                .as("adopted a second time")
                .isEqualTo(since);
    }

    private void rebooted() throws IOException {
        var records = new Records(directory.resolve("records"), "default");
        var before = records.find("web").orElseThrow().record().orElseThrow();
        records.save(new LocalRecord(
                before.spec(),
                before.state(),
                before.sequence(),
                before.epoch(),
                before.attempt(),
                before.adoption(),
                before.monitor(),
                "an earlier boot",
                before.onlineSince()));
    }

    @Test
    void isOfflineByARebootAndStartsAgainInTheSameAttempt() throws Exception {
        online("");
        rebooted();
        host.order(new ToMonitor.Open(spec("")));

        assertThat(voice.heard("web", HeldState.OFFLINE).detail()).isEqualTo("offline by the reboot of its node");
        assertThat(voice.states("web")).doesNotContain(HeldState.FAILED, HeldState.ONLINE);
        assertThat(type.calls).contains("terminate web");
        host.order(new ToMonitor.Online("web", 1, 1, "REQUESTED"));
        assertThat(voice.heard("web", HeldState.ONLINE).attempt()).isEqualTo(1);
    }

    /// No mount and no address outlives the kernel.
    @Test
    void isFailedWhenItCannotBeOpenedAfterAReboot() throws Exception {
        online("with a mount");
        rebooted();
        host.order(new ToMonitor.Open(spec("fails to open")));

        assertThat(voice.heard("web", HeldState.FAILED).detail()).contains("cannot open");
    }
}
