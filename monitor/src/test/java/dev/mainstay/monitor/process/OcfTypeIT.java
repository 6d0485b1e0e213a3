package dev.mainstay.monitor.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.linux.ProcessTable;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The life of an `ocf` resource: with agents as they are installed, and with one that plays what they rarely
/// do.
class OcfTypeIT extends SupervisedResource {
    private static final String BY_PID_FILE = """
            running() { [ -s pid ] && kill -0 $(cat pid) 2>/dev/null; }
            case $1 in
            start) running || { setsid sleep 300 >/dev/null 2>&1 & echo $! >pid; } ;;
            stop) running && kill $(cat pid); rm -f pid; exit 0 ;;
            monitor) running || exit 7 ;;
            esac
            """;

    @Test
    void livesFromOnlineToOfflineTwiceOver() throws Exception {
        var desk = installed("heartbeat:Dummy", Map.of());
        var entries = desk.type().open(desk);

        bringOnline(desk, entries);
        bringOnline(desk, entries);
        assertThat(entries.looksAlive()).isEqualTo(Health.alive());
        assertThat(entries.isAlive()).isEqualTo(Health.alive());

        takeOffline(desk, entries);
        takeOffline(desk, entries);
        assertThat(evidence(entries.isAlive()))
                .isEqualTo("action 'monitor' ended with exit code 7 (OCF_NOT_RUNNING): it is not running;"
                        + " it says: No process state file found");
        assertThat(desk.checkpoints)
                .startsWith("action validate-all", "action start", "action monitor")
                .endsWith("action stop", "action monitor");
    }

    @Test
    void theDaemonOfAnAgentOutlivesItsActionAndItsMonitor() throws Exception {
        var desk = installed("ocf:heartbeat:anything", anything());
        var entries = desk.type().open(desk);
        var online = bringOnline(desk, entries);
        long daemon = daemon();
        supervisor.close();
        startSupervisor();
        var later = desk.after(online.adoption.orElseThrow(), supervisor.of("r", directory));

        var adopted = later.type().open(later);

        assertThat(adopted.isAlive()).isEqualTo(Health.alive());
        assertThat(daemon()).isEqualTo(daemon);
        assertThat(runs(daemon)).isTrue();
        adopted.terminate(Reason.FAILURE);
        assertThat(runs(daemon)).isFalse();
    }

    @Test
    void stopsAtOpenWhatRunsThoughNobodyBroughtItOnline() throws Exception {
        var before = installed("heartbeat:anything", anything());
        bringOnline(before, before.type().open(before));
        long daemon = daemon();
        var desk = installed("heartbeat:anything", anything());

        var opened = desk.type().open(desk);

        assertThat(runs(daemon)).isFalse();
        assertThat(opened.isAlive()).isInstanceOf(Health.Dead.class);
    }

    @Test
    void stopsAtOpenWhatSomebodyElseStartedAndNothingBesideIt() throws Exception {
        var mine = startedByHand("anything.pid");
        var bystander = startedByHand("bystander.pid");
        try {
            var desk = installed("heartbeat:anything", anything());

            var opened = desk.type().open(desk);

            assertThat(runs(mine)).isFalse();
            assertThat(runs(bystander)).isTrue();
            assertThat(opened.isAlive()).isInstanceOf(Health.Dead.class);
        } finally {
            ProcessHandle.of(bystander).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void refusesToOpenWhatItCannotStop() throws Exception {
        var desk = played("[ $1 = monitor ] || why 'the disk is on fire' 1\n", Map.of());

        assertThatThrownBy(() -> desk.type().open(desk))
                .isInstanceOf(ResourceFailure.class)
                .hasMessageContaining("it cannot be told that it does not run here")
                .hasMessageContaining("action 'stop' ended with exit code 1 (OCF_ERR_GENERIC)")
                .hasMessageContaining("the disk is on fire");
    }

    @Test
    void givesAgentsTheEnvironmentOfTheStandard() throws Exception {
        var desk = played("env >env.$1\n" + PlayedActions.SIMPLE, Map.of("timeouts.stop", "7s"));
        var entries = desk.type().open(desk);

        assertThat(environment("monitor"))
                .contains("OCF_RESKEY_CRM_meta_interval=0", "OCF_RESKEY_CRM_meta_timeout=30000");
        bringOnline(desk, entries);
        takeOffline(desk, entries);

        assertThat(environment("start"))
                .contains(
                        "OCF_ROOT=" + directory.resolve("root"),
                        "OCF_RA_VERSION_MAJOR=1",
                        "OCF_RA_VERSION_MINOR=1",
                        "OCF_RESOURCE_INSTANCE=r",
                        "OCF_RESOURCE_TYPE=played",
                        "OCF_RESOURCE_PROVIDER=test",
                        "OCF_RESKEY_needed=it",
                        "OCF_CHECK_LEVEL=0",
                        "OCF_RESKEY_CRM_meta_name=start",
                        "OCF_RESKEY_CRM_meta_timeout=90000",
                        "HA_RSCTMP=" + directory.resolve("run"));
        assertThat(environment("stop")).contains("OCF_RESKEY_CRM_meta_timeout=7000");
    }

    @Test
    void refusesAtOpenEveryParameterThatTheAgentDoesNotTake() throws Exception {
        var parameters = Map.of("port", "many", "verbose", "loud", "dampen", "10s", "Nee-ded", "x");
        var desk = played(PlayedActions.SIMPLE, Map.of("parameters", parameters));

        assertThatThrownBy(() -> desk.type().open(desk))
                .isInstanceOf(ResourceFailure.class)
                .hasMessageContaining("parameter 'port' is 'many', expected a whole number")
                .hasMessageContaining("parameter 'verbose' is 'loud', expected true or false")
                .hasMessageContaining("it takes no parameter 'Nee-ded', but 'needed'")
                .hasMessageContaining("it needs parameter 'needed' (what is needed)")
                .hasMessageNotContaining("dampen");
        assertThat(directory.resolve("calls")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    heartbeat:dummy | there is 'heartbeat:Dummy', 'pacemaker:Dummy'
                    heartbeat:no-such | this node has no agent 'heartbeat:no-such'
                    Dummy | is not provider:name
                    heartbeat:../Dummy | is not provider:name
                    """)
    void saysWhichAgentIsMissing(String name, String words) {
        var desk = installed(name, Map.of());

        assertThatThrownBy(() -> desk.type().open(desk))
                .isInstanceOf(ResourceFailure.class)
                .hasMessageContaining(words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    1 | (OCF_ERR_GENERIC): it failed
                    2 | (OCF_ERR_ARGS): its parameters do not fit this node
                    3 | (OCF_ERR_UNIMPLEMENTED): the agent does not know this action
                    4 | (OCF_ERR_PERM): it may not do what it needs to
                    5 | (OCF_ERR_INSTALLED): something it needs is not installed on this node
                    6 | (OCF_ERR_CONFIGURED): its parameters are wrong on every node
                    42 | exit code 42: no exit code of the standard
                    """)
    void saysWhatTheExitCodeOfAFailedStartMeans(int code, String words) throws Exception {
        var desk = played("[ $1 = start ] && why 'no luck' %d\n%s".formatted(code, PlayedActions.SIMPLE), Map.of());
        var online = desk.new Now();
        desk.type().open(desk).online(online);

        assertThat(online.failure.orElseThrow())
                .hasMessageContaining("bringing 'r' online: agent 'test:played', action 'start' ended with")
                .hasMessageContaining(words)
                .hasMessageContaining("it says: no luck");
    }

    @Test
    void aStartThatLeavesNothingRunningHasFailed() throws Exception {
        var desk = played("[ $1 = start ] && exit 0\n" + PlayedActions.SIMPLE, Map.of());
        var online = desk.new Now();
        desk.type().open(desk).online(online);

        assertThat(online.failure.orElseThrow()).hasMessageContaining("its start succeeded, but action 'monitor'");
        assertThat(online.adoption).isEmpty();
    }

    @Test
    void toleratesAtOpenThatProgramsAreMissingAndSaysSoAtOnline() throws Exception {
        var desk = played("why 'no such program' 5\n", Map.of());
        var entries = desk.type().open(desk);
        var online = desk.new Now();
        entries.online(online);

        assertThat(online.failure.orElseThrow())
                .hasMessageContaining("action 'validate-all' ended with exit code 5")
                .hasMessageContaining("Install it, or take this node out of possibleOwners");
        entries.terminate(Reason.FAILURE);
    }

    @Test
    void killsAStartThatTakesTooLongWithAllThatItStarted() throws Exception {
        var desk = played(
                "[ $1 = start ] && { setsid sleep 300 & echo $! >pid; echo waiting; wait; }\n" + PlayedActions.SIMPLE,
                Map.of("timeouts.start", "300ms"));
        var online = desk.new Now();
        desk.type().open(desk).online(online);

        assertThat(online.failure.orElseThrow())
                .hasMessageContaining("action 'start' did not end within 300 ms and was killed; it says: waiting")
                .hasMessageContaining("raise timeouts.start");
        assertThat(runs(Long.parseLong(
                        Files.readString(directory.resolve("pid")).strip())))
                .isFalse();
    }

    @Test
    void terminateKillsWhatAFailedStopLeft() throws Exception {
        var desk = played("""
                case $1 in
                start) setsid sleep 300 >/dev/null 2>&1 & echo $! >pid ;;
                stop) [ ! -e pid ] || ! kill -0 $(cat pid) || why 'cannot stop' 1 ;;
                monitor) [ -e pid ] && read -r _ _ state _ </proc/$(cat pid)/stat && [ $state != Z ] || exit 7 ;;
                esac
                """, Map.of());
        var entries = desk.type().open(desk);
        bringOnline(desk, entries);
        long daemon = Long.parseLong(Files.readString(directory.resolve("pid")).strip());
        var offline = desk.new Now();
        entries.offline(offline);

        assertThat(offline.failure.orElseThrow()).hasMessageContaining("cannot stop");
        assertThat(runs(daemon)).isTrue();
        entries.terminate(Reason.FAILURE);
        assertThat(runs(daemon)).isFalse();
    }

    /// An agent that knows its daemon by a file only says that it has stopped when the file is lost.
    @Test
    void whatAnAgentHasLostTrackOfIsEndedAndNamed() throws Exception {
        var desk = played(BY_PID_FILE, Map.of());
        var entries = desk.type().open(desk);
        bringOnline(desk, entries);
        long daemon = pidIn("pid");
        Files.delete(directory.resolve("pid"));

        takeOffline(desk, entries);

        assertThat(runs(daemon)).isFalse();
        assertThat(desk.checkpoints)
                .anyMatch(step -> step.equals(
                        "its stop succeeded, but it had left running and it was ended: process %d (sleep): sleep 300"
                                .formatted(daemon)));

        bringOnline(desk, entries);
        long second = pidIn("pid");
        Files.delete(directory.resolve("pid"));
        entries.terminate(Reason.FAILURE);
        assertThat(runs(second)).isFalse();
    }

    @Test
    void aProgramThatOthersUseTooGoesOn() throws Exception {
        var desk = played("""
                [ $1 = start ] && { cp /bin/sleep ./sharedd; setsid ./sharedd 300 >/dev/null 2>&1 & echo $! >shared; }
                """ + BY_PID_FILE, Map.of("sharedPrograms", List.of("sharedd")));
        var entries = desk.type().open(desk);
        bringOnline(desk, entries);
        long daemon = pidIn("pid");
        Files.delete(directory.resolve("pid"));

        takeOffline(desk, entries);

        assertThat(runs(daemon)).isFalse();
        assertThat(runs(pidIn("shared"))).isTrue();
        entries.terminate(Reason.FAILURE);
        assertThat(runs(pidIn("shared"))).isTrue();
    }

    @Test
    void terminateTellsThatTheResourceMayStillRun() throws Exception {
        var desk = played("[ $1 = stop ] && [ -e runs ] && why 'it is busy' 1\n" + PlayedActions.SIMPLE, Map.of());
        var entries = desk.type().open(desk);
        bringOnline(desk, entries);

        assertThatThrownBy(() -> entries.terminate(Reason.FAILURE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("terminating 'r': it may still run here")
                .hasMessageContaining("it is busy");
    }

    @Test
    void missingProgramsProveNothingOfWhatWasStarted() throws Exception {
        var desk = played(
                "[ -e runs ] && [ $1 = monitor ] && [ -e gone ] && exit 5\n"
                        + "[ $1 = stop ] && [ -e gone ] && exit 5\n" + PlayedActions.SIMPLE,
                Map.of());
        var entries = desk.type().open(desk);
        bringOnline(desk, entries);
        Files.createFile(directory.resolve("gone"));

        assertThatThrownBy(() -> entries.terminate(Reason.FAILURE)).hasMessageContaining("it may still run here");
    }

    @Test
    void aDegradedResourceIsAliveAndSaysSo() throws Exception {
        var desk = played(
                "[ $1 = monitor ] && [ -e worn ] && why 'one disk of two' 190\n" + PlayedActions.SIMPLE, Map.of());
        var entries = desk.type().open(desk);
        bringOnline(desk, entries);
        Files.createFile(directory.resolve("worn"));

        assertThat(entries.isAlive()).isEqualTo(Health.alive());
        assertThat(desk.published.get("degraded")).contains("(OCF_DEGRADED)", "one disk of two");
        Files.delete(directory.resolve("worn"));
        assertThat(entries.looksAlive()).isEqualTo(Health.alive());
        assertThat(desk.published).containsEntry("degraded", "");
    }

    @Test
    void aCheckThatTimesOutIsUndecidedTwiceAndThenDead() throws Exception {
        var desk = played(
                "[ $1 = monitor ] && [ -e hang ] && exec sleep 60\n" + PlayedActions.SIMPLE,
                Map.of("timeouts.monitor", "300ms"));
        var entries = desk.type().open(desk);
        bringOnline(desk, entries);
        Files.createFile(directory.resolve("hang"));

        assertThat(entries.isAlive()).isInstanceOf(Health.Undecided.class);
        assertThat(entries.looksAlive()).isInstanceOf(Health.Undecided.class);
        assertThat(evidence(entries.isAlive())).contains("did not end within 300 ms", "3 times in a row");
    }

    @Test
    void asksTheDeepestLevelThatSucceedsRightAfterTheStart() throws Exception {
        var desk = played("[ $OCF_CHECK_LEVEL = 20 ] && why 'no page to ask for' 6\n" + PlayedActions.SIMPLE, Map.of());
        var entries = desk.type().open(desk);
        var online = bringOnline(desk, entries);
        Files.delete(directory.resolve("calls"));

        entries.looksAlive();
        entries.isAlive();

        assertThat(directory.resolve("calls")).hasContent("monitor 0\nmonitor 10");
        assertThat(online.adoption.orElseThrow().own()).endsWith(" 10");
        var later = desk.after(online.adoption.orElseThrow(), supervisor.of("r", directory));
        later.type().open(later).isAlive();
        assertThat(directory.resolve("calls")).hasContent("monitor 0\nmonitor 10\nmonitor 10");
    }

    @Test
    void aLevelThatWasSetMustSucceed() throws Exception {
        var desk = played(
                "[ $OCF_CHECK_LEVEL = 30 ] && why 'no page to ask for' 6\n" + PlayedActions.SIMPLE,
                Map.of("checkLevel", "30"));
        var online = desk.new Now();
        desk.type().open(desk).online(online);

        assertThat(online.failure.orElseThrow())
                .hasMessageContaining("action 'monitor of level 30' ended with exit code 6")
                .hasMessageContaining("no page to ask for");
    }

    @Test
    void asksAnAgentOnceForItsMetadataUntilItsFileChanges() throws Exception {
        var agent = agent().plays(PlayedActions.SIMPLE);
        var desk = TestDesk.of("ocf", agent.with(Map.of()), directory, supervisor.of("r", directory));
        for (int opened = 0; opened < 100; opened++) {
            desk.type().open(desk);
        }

        assertThat(directory.resolve("root/asked")).hasContent("asked");
        Files.setLastModifiedTime(agent.file(), FileTime.fromMillis(1));
        desk.type().open(desk);
        assertThat(directory.resolve("root/asked")).hasContent("asked\nasked");
    }

    @Test
    void keepsWhatAgentsPrintInTheLogOfTheResource() throws Exception {
        var desk = played("echo \"out of $1\"; echo \"err of $1\" >&2\n" + PlayedActions.SIMPLE, Map.of());
        bringOnline(desk, desk.type().open(desk));

        assertThat(Files.readAllLines(directory.resolve("output.log")))
                .contains("a word to the log", "out of start", "err of start", "out of monitor");
    }

    private TestDesk installed(String agent, Map<String, String> parameters) {
        var run = directory.resolve("run").toString();
        return TestDesk.of(
                "ocf",
                Map.of("agent", agent, "parameters", parameters, "runFolder", run),
                directory,
                supervisor.of("r", directory));
    }

    private TestDesk played(String text, Map<String, Object> more) throws IOException {
        return TestDesk.of("ocf", agent().plays(text).with(more), directory, supervisor.of("r", directory));
    }

    private PlayedActions agent() {
        return new PlayedActions(directory.resolve("root"), directory);
    }

    private Map<String, String> anything() {
        var parameters = new HashMap<String, String>();
        parameters.put("binfile", "/bin/sleep");
        parameters.put("cmdline_options", "300");
        parameters.put("pidfile", directory.resolve("anything.pid").toString());
        return parameters;
    }

    /// Starts a daemon with the agent itself, as somebody does who knows nothing of the cluster.
    private long startedByHand(String pidFile) throws Exception {
        Shell.run(
                "env",
                "OCF_ROOT=/usr/lib/ocf",
                "OCF_RESOURCE_INSTANCE=by-hand",
                "HA_RSCTMP=" + directory,
                "OCF_RESKEY_binfile=/bin/sleep",
                "OCF_RESKEY_cmdline_options=300",
                "OCF_RESKEY_pidfile=" + directory.resolve(pidFile),
                "/usr/lib/ocf/resource.d/heartbeat/anything",
                "start");
        return pidIn(pidFile);
    }

    private long daemon() throws IOException {
        return pidIn("anything.pid");
    }

    private long pidIn(String pidFile) throws IOException {
        return Long.parseLong(Files.readString(directory.resolve(pidFile)).strip());
    }

    private List<String> environment(String action) throws IOException {
        return Files.readAllLines(directory.resolve("env." + action));
    }

    private static TestDesk.Now bringOnline(TestDesk desk, EntryPoints entries) throws Exception {
        var online = desk.new Now();
        entries.online(online);
        assertThat(online.failure).isEmpty();
        return online;
    }

    private static void takeOffline(TestDesk desk, EntryPoints entries) throws Exception {
        var offline = desk.new Now();
        entries.offline(offline);
        assertThat(offline.failure).isEmpty();
    }

    private static String evidence(Health health) {
        assertThat(health).isInstanceOf(Health.Dead.class);
        return ((Health.Dead) health).evidence();
    }

    private static boolean runs(long pid) {
        return ProcessTable.read(pid).filter(ProcessTable.Entry::alive).isPresent();
    }
}
