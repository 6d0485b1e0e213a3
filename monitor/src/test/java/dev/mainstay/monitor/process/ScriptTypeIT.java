package dev.mainstay.monitor.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.fixtures.Eventually;
import dev.mainstay.linux.ProcessTable;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The life of a `script` resource over a real shell.
class ScriptTypeIT extends SupervisedResource {
    private static final String DAEMON = """
            #!/bin/sh
            case $1 in
            online) echo "$MAINSTAY_GROUP $MAINSTAY_RESOURCE_NAME $MAINSTAY_EPOCH $MAINSTAY_REASON" >told
                    setsid sleep 300 >/dev/null 2>&1 & echo $! >pid ;;
            offline) kill $(cat pid) ;;
            looksalive|isalive) kill -0 $(cat pid) || { echo the daemon is gone; exit 1; } ;;
            *) exit 3 ;;
            esac
            """;

    private static final String CARELESS = DAEMON.replace("offline) kill $(cat pid) ;;", "offline) ;;");

    @Test
    void livesFromOnlineToOfflineWithItsDaemon() throws Exception {
        var desk = desk(DAEMON, Map.of());
        var entries = desk.type().open(desk);
        var online = desk.new Now();
        entries.online(online);

        assertThat(online.failure).isEmpty();
        assertThat(directory.resolve("told")).hasContent("g r 7 REQUESTED");
        assertThat(entries.isAlive()).isEqualTo(Health.alive());
        var offline = desk.new Now();
        entries.offline(offline);
        assertThat(offline.failure).isEmpty();
        // a zombie still answers the script's kill -0, so wait until it is collected
        Eventually.until("the daemon is gone", () -> ProcessTable.read(daemon()).isEmpty(), this::daemon);
        assertThat(entries.looksAlive())
                .isInstanceOfSatisfying(
                        Health.Dead.class,
                        dead -> assertThat(dead.evidence())
                                .contains("verb 'looksalive' ended with exit code 1")
                                .contains("the daemon is gone"));
    }

    @Test
    void terminateKillsWhatTheScriptLeft() throws Exception {
        var desk = desk(DAEMON, Map.of());
        var entries = desk.type().open(desk);
        entries.online(desk.new Now());
        assertThat(runs(daemon())).isTrue();

        entries.terminate(Reason.FAILURE);

        assertThat(runs(daemon())).isFalse();
    }

    /// Its verb offline does nothing, and says that all is well.
    @Test
    void offlineEndsWhatTheScriptLeft() throws Exception {
        var desk = desk(CARELESS, Map.of());
        var entries = desk.type().open(desk);
        entries.online(desk.new Now());
        long daemon = daemon();
        var offline = desk.new Now();

        entries.offline(offline);

        assertThat(offline.failure).isEmpty();
        assertThat(runs(daemon)).isFalse();
        assertThat(desk.checkpoints).anyMatch(step -> step.contains("was ended: process %d (sleep)".formatted(daemon)));
    }

    @Test
    void offlineLeavesWhatTheScriptStartedWhenThatIsWanted() throws Exception {
        var desk = desk(CARELESS, Map.of("killLeftovers", false));
        var entries = desk.type().open(desk);
        entries.online(desk.new Now());

        entries.offline(desk.new Now());

        assertThat(runs(daemon())).isTrue();
    }

    @Test
    void aLaterMonitorLeavesTheDaemonAlone() throws Exception {
        var desk = desk(DAEMON, Map.of());
        var online = desk.new Now();
        desk.type().open(desk).online(online);
        var later = desk.after(online.adoption.orElseThrow(), supervisor.of("r", directory));

        EntryPoints adopted = later.type().open(later);

        assertThat(adopted.isAlive()).isEqualTo(Health.alive());
    }

    @Test
    void namesTheVerbThatHangs() throws Exception {
        var desk = desk("#!/bin/sh\n[ $1 = open ] || { echo waiting; sleep 300; }\n", Map.of("timeout", "300ms"));
        var entries = desk.type().open(desk);
        var online = desk.new Now();
        entries.online(online);

        assertThat(online.failure.orElseThrow())
                .hasMessageContaining("verb 'online' did not end within 300 ms")
                .hasMessageContaining("waiting");
    }

    @Test
    void saysWhichRequiredVerbIsNotKnown() throws Exception {
        var desk = desk("#!/bin/sh\nexit 3\n", Map.of());

        assertThat(desk.type().open(desk).isAlive())
                .isInstanceOfSatisfying(
                        Health.Dead.class,
                        dead -> assertThat(dead.evidence()).contains("verb not known, but required"));
    }

    @Test
    void refusesAScriptThatIsNotThere() {
        var desk =
                TestDesk.of("script", Map.of("scriptFilePath", "/no/such"), directory, supervisor.of("r", directory));

        assertThatThrownBy(() -> desk.type().open(desk))
                .isInstanceOf(ResourceFailure.class)
                .hasMessageContaining("'/no/such' is not an executable file");
    }

    private TestDesk desk(String text, Map<String, Object> more) throws IOException {
        var script = directory.resolve("script");
        Files.writeString(script, text);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        var set = new HashMap<>(more);
        set.put("scriptFilePath", script.toString());
        return TestDesk.of("script", set, directory, supervisor.of("r", directory));
    }

    private long daemon() {
        try {
            return Long.parseLong(Files.readString(directory.resolve("pid")).strip());
        } catch (IOException e) {
            throw new AssertionError("the script wrote no pid", e);
        }
    }

    private static boolean runs(long pid) {
        return ProcessTable.read(pid).filter(ProcessTable.Entry::alive).isPresent();
    }
}
