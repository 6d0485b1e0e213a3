package dev.mainstay.monitor.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The life of a `systemd` resource over a real systemd in namespaces of its own.
class SystemdTypeIT extends SupervisedResource {
    @TempDir
    static Path machine;

    private static PrivateSystemd systemd;

    @BeforeAll
    static void bootSystemd() throws Exception {
        systemd = PrivateSystemd.start(machine);
    }

    @AfterAll
    static void endSystemd() throws Exception {
        systemd.close();
    }

    @Test
    void startsAndStopsTheUnit() throws Exception {
        systemd.write("plain.service", "[Service]\nExecStart=/bin/sleep 300\n");
        var desk = desk("plain");
        var entries = online(desk);

        assertThat(entries.isAlive()).isEqualTo(Health.alive());
        assertThat(systemd.systemctl("is-active", "plain")).isEqualTo("0 active");
        offline(desk, entries);
        assertThat(systemd.systemctl("is-active", "plain")).isEqualTo("3 inactive");
        assertThat(desk.raised).isNotDone();
        entries.close();
    }

    @Test
    void tellsWithinMomentsHowTheMainProcessEnded() throws Exception {
        systemd.write("killed.service", "[Service]\nRestart=always\nExecStart=/bin/sleep 300\n");
        var desk = desk("killed.service");
        var entries = online(desk);
        var killed = System.nanoTime();
        systemd.systemctl("kill", "--signal=KILL", "killed");

        assertThat(desk.raised.get(10, TimeUnit.SECONDS))
                .contains("unit killed.service: failed")
                .contains("main process exited, code=killed, status=9/KILL");
        assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofMillis(500));
        assertThat(entries.isAlive()).isInstanceOf(Health.Dead.class);
        assertThat(systemd.systemctl("is-active", "killed"))
                .as("Restart=always is overruled")
                .isEqualTo("3 failed");
        entries.close();
    }

    @Test
    void saysWhyAStartFailsWithTheEndOfTheJournal() throws Exception {
        systemd.write("failing.service", "[Service]\nType=oneshot\nExecStart=/bin/sh -c 'echo no such disk; exit 3'\n");
        var desk = desk("failing");
        var entries = desk.type().open(desk);
        var online = desk.new Now();
        entries.online(online);

        assertThat(online.failure.orElseThrow())
                .hasMessageContaining("starting failing.service: its start failed; it is failed (failed)")
                .hasMessageContaining("main process exited, code=exited, status=3, result 'exit-code'")
                .hasMessageContaining("no such disk");
        entries.terminate(Reason.FAILURE);
        assertThat(systemd.systemctl("is-active", "failing")).isEqualTo("3 inactive");
        entries.close();
    }

    @Test
    void waitsUntilTheUnitSaysItIsReadyAndTellsTheSteps() throws Exception {
        systemd.write(
                "slow.service",
                "[Service]\nType=notify\nNotifyAccess=all\nExecStart=/bin/sh -c 'sleep 1.3; systemd-notify --ready; exec"
                        + " sleep 300'\n");
        var desk = desk("slow");
        var entries = online(desk);

        assertThat(desk.checkpoints).contains("slow.service is activating (start)");
        assertThat(entries.isAlive()).isEqualTo(Health.alive());
        entries.terminate(Reason.FAILURE);
        entries.close();
    }

    @Test
    void aOneshotIsOnlineOnlyIfItRemains() throws Exception {
        systemd.write("once.service", "[Service]\nType=oneshot\nExecStart=/bin/true\n");
        systemd.write("stays.service", "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n");
        var once = desk("once");
        var ended = once.new Now();
        var entries = once.type().open(once);
        entries.online(ended);
        assertThat(ended.failure.orElseThrow()).hasMessageContaining("Type=oneshot needs RemainAfterExit=yes");
        entries.close();

        var stays = desk("stays");
        var remaining = online(stays);
        assertThat(remaining.isAlive()).isEqualTo(Health.alive());
        offline(stays, remaining);
        remaining.close();
    }

    @Test
    void nobodyElseCanStartIt() throws Exception {
        systemd.write("ours.service", "[Service]\nExecStart=/bin/sleep 300\n");
        var desk = desk("ours");
        var entries = desk.type().open(desk);

        assertThat(systemd.systemctl("start", "ours")).startsWith("1 ").contains("Assertion failed");
        assertThat(systemd.systemctl("is-active", "ours")).isEqualTo("3 inactive");
        var operation = desk.new Now();
        entries.online(operation);
        assertThat(operation.failure).isEmpty();
        systemd.systemctl("restart", "ours");
        assertThat(desk.raised.get(10, TimeUnit.SECONDS)).contains("unit ours.service:");
        entries.terminate(Reason.FAILURE);

        entries.close();
        assertThat(systemd.systemctl("start", "ours")).isEqualTo("0");
        assertThat(systemd.systemctl("stop", "ours")).isEqualTo("0");
        assertThat(machine.resolve("drop-ins/ours.service.d")).doesNotExist();
    }

    @Test
    void whatOthersStartedIsEndedAtOpen() throws Exception {
        systemd.write("others.service", "[Service]\nExecStart=/bin/sleep 300\n");
        systemd.systemctl("start", "others");
        var desk = desk("others");
        var entries = desk.type().open(desk);

        assertThat(systemd.systemctl("is-active", "others")).isEqualTo("3 inactive");
        entries.close();
    }

    @Test
    void aLaterMonitorAdoptsTheSameInvocationOnly() throws Exception {
        systemd.write("kept.service", "[Service]\nExecStart=/bin/sleep 300\n");
        var desk = desk("kept");
        var operation = desk.new Now();
        desk.type().open(desk).online(operation);
        var main = systemd.systemctl("show", "--property=MainPID", "kept");
        var later = desk.after(operation.adoption.orElseThrow(), supervisor.of("r", directory));
        var adopted = later.type().open(later);

        assertThat(adopted.isAlive()).isEqualTo(Health.alive());
        assertThat(systemd.systemctl("show", "--property=MainPID", "kept")).isEqualTo(main);
        systemd.systemctl("kill", "--signal=KILL", "kept");
        assertThat(later.raised.get(10, TimeUnit.SECONDS)).contains("status=9/KILL");
        var tooLate = desk.after(operation.adoption.orElseThrow(), supervisor.of("r", directory));
        assertThat(tooLate.type().open(tooLate).isAlive()).isInstanceOf(Health.Dead.class);
    }

    @Test
    void terminateEndsWhatIgnoresItsStop() throws Exception {
        systemd.write(
                "stubborn.service",
                "[Service]\nExecStart=/bin/sh -c 'trap : TERM; while :; do sleep 1; done'\nTimeoutStopSec=300\n");
        var desk = desk("stubborn");
        var entries = online(desk);

        entries.terminate(Reason.FAILURE);

        assertThat(systemd.systemctl("is-active", "stubborn")).isEqualTo("3 inactive");
        assertThat(desk.raised).isNotDone();
        entries.close();
    }

    @Test
    void aRestartOfTheBusOrOfSystemdIsNoFailure() throws Exception {
        systemd.write("steady.service", "[Service]\nExecStart=/bin/sleep 300\n");
        var desk = desk("steady");
        var entries = online(desk);
        systemd.systemctl("restart", "dbus.service");
        assertThat(entries.isAlive()).isEqualTo(Health.alive());
        systemd.systemctl("daemon-reexec");
        assertThat(entries.isAlive()).isEqualTo(Health.alive());
        assertThat(desk.raised).isNotDone();

        systemd.systemctl("kill", "--signal=KILL", "steady");
        assertThat(desk.raised.get(10, TimeUnit.SECONDS)).contains("status=9/KILL");
        entries.close();
    }

    @Test
    void refusesUnitsThatAreUnknownEnabledOrMasked() throws Exception {
        systemd.write("database.service", "[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=basic.target\n");
        systemd.write("at-boot.service", "[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=basic.target\n");
        systemd.systemctl("enable", "--runtime", "at-boot");
        Files.createSymbolicLink(machine.resolve("units/masked.service"), Path.of("/dev/null"));

        assertRefused("databse", "does not know it on this node. It knows database.service.");
        assertRefused("at-boot", "run: systemctl disable at-boot.service");
        assertRefused("masked", "systemd says it is 'masked'");
        assertThat(machine.resolve("drop-ins/at-boot.service.d")).doesNotExist();
    }

    @Test
    void saysWhatIsMissingWhereNoSystemdRuns() {
        var set = Map.<String, Object>of("unit", "x", "bus", "unix:path=/no/such/bus");
        var desk = TestDesk.of("systemd", set, directory, supervisor.of("r", directory));

        assertThatThrownBy(() -> desk.type().open(desk))
                .isInstanceOf(ResourceFailure.class)
                .hasMessageContaining("there is no systemd on the bus 'unix:path=/no/such/bus'")
                .hasMessageContaining("needs a node that systemd runs");
    }

    private void assertRefused(String unit, String words) {
        var desk = desk(unit);
        assertThatThrownBy(() -> desk.type().open(desk))
                .isInstanceOf(ResourceFailure.class)
                .hasMessageContaining(words);
    }

    private static EntryPoints online(TestDesk desk) throws Exception {
        var entries = desk.type().open(desk);
        var operation = desk.new Now();
        entries.online(operation);
        assertThat(operation.failure).isEmpty();
        assertThat(operation.adoption).isPresent();
        return entries;
    }

    private static void offline(TestDesk desk, EntryPoints entries) throws Exception {
        var operation = desk.new Now();
        entries.offline(operation);
        assertThat(operation.failure).isEmpty();
    }

    private TestDesk desk(String unit) {
        var set = Map.<String, Object>of(
                "unit", unit,
                "bus", systemd.bus(),
                "dropInDirectory", systemd.dropIns(),
                "journalDirectory", systemd.journal());
        return TestDesk.of("systemd", set, directory, supervisor.of("r", directory));
    }
}
