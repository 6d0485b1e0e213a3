package dev.mainstay.monitor.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.fixtures.Eventually;
import dev.mainstay.fixtures.PrivateSystemd;
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
    void noOtherUnitCanPullItIn() throws Exception {
        systemd.write("wanted.service", "[Service]\nExecStart=/bin/sleep 300\n");
        systemd.write("wanting.service", "Wants=wanted.service\n[Service]\nExecStart=/bin/sleep 300\n");
        systemd.write(
                "requiring.service",
                "Requires=wanted.service\nAfter=wanted.service\n[Service]\nExecStart=/bin/sleep 300\n");
        systemd.write("wanted.timer", "[Timer]\nOnActiveSec=1ms\nAccuracySec=1ms\n");
        systemd.systemctl("daemon-reload");
        var desk = desk("wanted");
        var entries = desk.type().open(desk);

        assertThat(systemd.systemctl("start", "wanting")).isEqualTo("0");
        assertThat(systemd.systemctl("start", "requiring")).startsWith("1 ");
        systemd.systemctl("start", "wanted.timer");
        Eventually.until(
                "the timer has elapsed",
                () -> systemd.systemctl("is-active", "wanted.timer").equals("0 active")
                        && systemd.systemctl("show", "--property=SubState", "wanted.timer")
                                .contains("elapsed"),
                () -> systemd.systemctl("status", "wanted.timer", "wanted.service"));
        assertThat(systemd.systemctl("is-active", "wanted")).isEqualTo("3 inactive");
        assertThat(systemd.systemctl("is-active", "wanting")).isEqualTo("0 active");
        assertThat(desk.foreign).isNotDone();
        entries.close();
        systemd.systemctl("stop", "wanting", "wanted", "wanted.timer");
    }

    @Test
    void tellsOfAStartBySomebodyElseAndShutsHimOut() throws Exception {
        systemd.write("taken.service", "[Service]\nExecStart=/bin/sleep 300\n");
        var desk = desk("taken");
        var entries = online(desk);
        offline(desk, entries);
        takeDropinAway("taken");
        assertThat(systemd.systemctl("start", "taken")).isEqualTo("0");

        assertThat(desk.foreign.get(10, TimeUnit.SECONDS)).startsWith("taken.service is active (running), invocation ");
        assertThat(desk.raised).as("no failure of what is offline").isNotDone();
        assertThat(entries.isAlive()).as("not the cluster's").isInstanceOf(Health.Dead.class);
        entries.terminate(Reason.FAILURE);
        assertThat(systemd.systemctl("is-active", "taken")).isEqualTo("3 inactive");
        assertThat(systemd.systemctl("start", "taken")).startsWith("1 ").contains("Assertion failed");
        entries.close();
    }

    @Test
    void tellsOfAStartThatTheBusDidNotTellOf() throws Exception {
        systemd.write("unheard.service", "[Service]\nExecStart=/bin/sleep 300\n");
        systemd.write("puller.service", "Wants=unheard.service\n[Service]\nExecStart=/bin/sleep 300\n");
        var desk = desk("unheard");
        var entries = desk.type().open(desk);
        takeDropinAway("unheard");
        systemd.systemctl("stop", "dbus.service", "dbus.socket");
        systemd.systemctl("start", "puller");
        assertThat(desk.foreign).isNotDone();
        systemd.systemctl("start", "dbus.socket", "dbus.service");

        assertThat(desk.foreign.get(20, TimeUnit.SECONDS))
                .startsWith("unheard.service is active (running), pulled in by puller.service, invocation ");
        entries.terminate(Reason.FAILURE);
        assertThat(systemd.systemctl("is-active", "unheard")).isEqualTo("3 inactive");
        entries.close();
        systemd.systemctl("stop", "puller");
    }

    private static void takeDropinAway(String unit) throws Exception {
        Files.delete(machine.resolve("drop-ins/%s.service.d/50-mainstay.conf".formatted(unit)));
        systemd.systemctl("daemon-reload");
    }

    @Test
    void whatOthersStartedIsEndedAtOpenAndTold() throws Exception {
        systemd.write("others.service", "[Service]\nExecStart=/bin/sleep 300\n");
        systemd.write("pulling.service", "Wants=others.service\n[Service]\nExecStart=/bin/sleep 300\n");
        systemd.systemctl("start", "pulling");
        assertThat(systemd.systemctl("is-active", "others")).isEqualTo("0 active");
        var desk = desk("others");
        var entries = desk.type().open(desk);

        assertThat(systemd.systemctl("is-active", "others")).isEqualTo("3 inactive");
        assertThat(desk.foreign.get(1, TimeUnit.SECONDS))
                .isEqualTo("others.service was active (running) before the cluster started it, pulled in by"
                        + " pulling.service; it is killed");
        assertThat(desk.published).containsEntry("pulledInBy", "pulling.service");
        systemd.systemctl("stop", "pulling");
        entries.close();
    }

    @Test
    void reservesTheUnitWhateverItIsCalled() throws Exception {
        systemd.write("real.service", "[Service]\nExecStart=/bin/sleep 300\n");
        Files.createSymbolicLink(machine.resolve("units/also.service"), Path.of("real.service"));
        systemd.systemctl("daemon-reload");
        var real = desk("real");
        var alias = desk("also.service");
        real.type().open(real).close();
        var entries = online(alias);

        assertThat(alias.reserved).singleElement().asString().startsWith("systemd unit real.service of unix:path=/");
        assertThat(alias.reserved).containsExactlyElementsOf(real.reserved);
        assertThat(systemd.systemctl("is-active", "real")).isEqualTo("0 active");
        offline(alias, entries);
        entries.close();
        assertThat(machine.resolve("drop-ins/also.service.d")).doesNotExist();
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
        return desk(unit, systemd.bus());
    }

    private TestDesk desk(String unit, String bus) {
        var set = Map.<String, Object>of(
                "unit", unit, "bus", bus, "dropInDirectory", systemd.dropIns(), "journalDirectory", systemd.journal());
        return TestDesk.of("systemd", set, directory, supervisor.of("r", directory));
    }
}
