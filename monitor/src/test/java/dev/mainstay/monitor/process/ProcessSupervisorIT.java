package dev.mainstay.monitor.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mainstay.fixtures.Eventually;
import dev.mainstay.linux.ControlGroups;
import dev.mainstay.linux.ProcessTable;
import dev.mainstay.spi.AdoptionRecord;
import dev.mainstay.spi.ProcessIdentity;
import dev.mainstay.spi.Processes;
import dev.mainstay.spi.Processes.Command;
import dev.mainstay.spi.Processes.LogLimits;
import dev.mainstay.spi.Processes.Running;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Real processes, with control groups where the node has them and without.
class ProcessSupervisorIT {
    /// Two daemons with sessions of their own, one without environment variables but of the shell's session.
    private static final String FORKING_TREE = """
            (setsid sh -c 'echo $$ >>pids; (sleep 300 & echo $! >>pids; wait)' &)
            (setsid sh -c 'echo $$ >>pids; (setsid sleep 300 & echo $! >>pids); exit 0' &)
            env -i sleep 300 & echo $! >>pids
            echo $$ >>pids
            wait
            """;

    private static final int TREE_SIZE = 6;

    /// So often that one of them is ended before it could record itself, on a slow machine too.
    private static final int STARTS = 20;

    @TempDir
    Path directory;

    private String scope = "";
    private ProcessSupervisor grouped = new ProcessSupervisor("unused");
    private ProcessSupervisor plain = grouped;

    /// Where the node gives none, as in many containers, there is nothing to test with them.
    static List<Boolean> withAndWithoutControlGroups() {
        return ControlGroups.find().isPresent() ? List.of(true, false) : List.of(false);
    }

    @BeforeEach
    void startSupervisors() {
        scope = "test-%d/%s".formatted(ProcessHandle.current().pid(), directory.getFileName());
        grouped = new ProcessSupervisor(scope);
        plain = ProcessSupervisor.withoutControlGroups(scope);
    }

    @AfterEach
    void endWhatIsLeft() throws ResourceFailure {
        grouped.of("r", directory).endAll();
        plain.of("r", directory).endAll();
        grouped.close();
        plain.close();
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutControlGroups")
    void killsTheWholeTreeAndNoBystander(boolean groups) throws Exception {
        var bystander = new ProcessBuilder("setsid", "sleep", "300").start();
        try {
            var running = processes(groups).start(shell(FORKING_TREE));
            var pids = pidsOf(TREE_SIZE);

            running.kill();

            assertThat(pids).noneMatch(ProcessSupervisorIT::runs);
            assertThat(bystander.isAlive()).isTrue();
        } finally {
            bystander.destroyForcibly();
        }
    }

    /// A process records itself a millisecond or two after its start returned; its end may be wanted before that.
    @ParameterizedTest
    @MethodSource("withAndWithoutControlGroups")
    void endsWhatWasStartedAMomentAgoAndHasNotRecordedItself(boolean groups) throws Exception {
        var processes = processes(groups);
        for (int i = 0; i < STARTS; i++) {
            var first = processes.start(shell("exec sleep 300")).identity();
            var second = processes.start(shell("exec sleep 300")).identity();

            processes.endAll();

            assertThat(List.of(first, second))
                    .noneMatch(started -> ProcessTable.alive(started.pid(), started.startTicks()));
            assertThat(directory.resolve("starting")).doesNotExist();
        }
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutControlGroups")
    void endsWhatAnEarlierMonitorLeft(boolean groups) throws Exception {
        processes(groups).start(shell(FORKING_TREE));
        var pids = pidsOf(TREE_SIZE);

        try (var later = groups ? new ProcessSupervisor(scope) : ProcessSupervisor.withoutControlGroups(scope)) {
            later.of("r", directory).endAll();
        }

        assertThat(pids).noneMatch(ProcessSupervisorIT::runs);
        assertThat(directory.resolve("starting")).doesNotExist();
    }

    @Test
    void adoptsTheVerySameProcessAndTellsItsEnd() throws Exception {
        var running = plain.of("r", directory).start(shell("exec sleep 300"));

        try (var later = ProcessSupervisor.withoutControlGroups(scope)) {
            var adopted = later.of("r", directory).adopt(running.adoption()).orElseThrow();
            var told = new CompletableFuture<String>();
            adopted.onExit(told::complete);
            adopted.signal("TERM");

            assertThat(told.get(10, TimeUnit.SECONDS)).startsWith("ended");
            assertThat(adopted.alive()).isFalse();
        }
    }

    @Test
    void killsTheTreeOfAnAdoptedProcess() throws Exception {
        var running = plain.of("r", directory).start(shell(FORKING_TREE));
        var pids = pidsOf(TREE_SIZE);

        try (var later = ProcessSupervisor.withoutControlGroups(scope)) {
            later.of("r", directory).adopt(running.adoption()).orElseThrow().kill();
        }

        assertThat(pids).noneMatch(ProcessSupervisorIT::runs);
    }

    @Test
    void refusesToAdoptAnotherStartTimeOrBoot() throws Exception {
        var processes = plain.of("r", directory);
        var who = processes.start(shell("exec sleep 300")).identity();

        assertThat(processes.adopt(record(new ProcessIdentity(who.pid(), who.startTicks() + 1, who.bootId()))))
                .isEmpty();
        assertThat(processes.adopt(record(new ProcessIdentity(who.pid(), who.startTicks(), "another boot"))))
                .isEmpty();
        assertThat(processes.adopt(record(who))).isPresent();
    }

    @Test
    void tellsExitCodeAndLastOutput() throws Exception {
        assertThat(endOf(plain.of("r", directory).start(shell("echo no port >&2; exit 3"))))
                .isEqualTo("ended with exit code 3; its last output: no port");
    }

    @Test
    void tellsTheSignal() throws Exception {
        var running = plain.of("r", directory).start(shell("exec sleep 300"));
        running.signal("KILL");

        assertThat(endOf(running)).isEqualTo("ended by signal 9 (KILL)");
    }

    @Test
    void passesArgumentsAsTheyAreAndACleanEnvironment() throws Exception {
        var odd = List.of("a b", "$(reboot)", "'\"\\", "-x", "", "*");
        var line = new java.util.ArrayList<>(List.of("sh", "-c", "printf '[%s]' \"$@\"; env", "sh"));
        line.addAll(odd);

        var finished = plain.of("r", directory).run(command(line, ""), Duration.ofSeconds(10));

        assertThat(finished.exitCode()).isZero();
        assertThat(finished.output()).startsWith("[a b][$(reboot)]['\"\\][-x][][*]");
        assertThat(finished.output())
                .contains("MAINSTAY_RESOURCE=" + scope + "/r")
                .contains("GREETING=hello")
                .doesNotContain("JAVA_HOME");
    }

    @Test
    void saysWhatIsMissingBeforeItStarts() {
        var processes = plain.of("r", directory);

        assertThatThrownBy(() -> processes.start(command(List.of("/no/such/program"), "")))
                .isInstanceOf(ResourceFailure.class)
                .hasMessageContaining("'/no/such/program' does not exist");
        assertThatThrownBy(() -> processes.start(command(List.of("/etc/passwd"), "")))
                .hasMessageContaining("is not an executable file");
        assertThatThrownBy(() -> processes.start(command(List.of("sleep", "1"), "no-such-user")))
                .hasMessageContaining("has no such user");
        assertThatThrownBy(() ->
                        processes.start(new Command(List.of("sleep", "1"), Map.of(), "", Path.of("/no/folder"), log())))
                .hasMessageContaining("'/no/folder' does not exist");
    }

    @Test
    void startsAsAnotherUser() throws Exception {
        assumeTrue(ProcessTable.userId() == 0, "just root may become another user");
        var open = Files.createTempDirectory(Path.of("/tmp"), "ms");
        try {
            var line = List.of("sh", "-c", "id -un; echo $HOME");
            var finished = grouped.of("r", directory)
                    .run(new Command(line, Map.of(), "nobody", Path.of("/"), log()), Duration.ofSeconds(10));

            assertThat(finished.output()).isEqualTo("nobody\n/nonexistent\n");
        } finally {
            Files.delete(open);
        }
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutControlGroups")
    void killsAShortCommandAtItsLimitButNotTheMainProcess(boolean groups) throws Exception {
        var processes = processes(groups);
        var main = processes.start(command(List.of("sleep", "300"), ""));

        var finished = processes.run(shell(FORKING_TREE), Duration.ofMillis(500));

        assertThat(finished.timedOut()).isTrue();
        assertThat(pidsOf(TREE_SIZE)).noneMatch(ProcessSupervisorIT::runs);
        assertThat(main.alive()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutControlGroups")
    void leavesWhatAShortCommandStartedUntilAllIsEnded(boolean groups) throws Exception {
        var processes = processes(groups);
        processes.run(shell("setsid sleep 300 & echo $! >>pids"), Duration.ofSeconds(10));
        var daemon = pidsOf(1).getFirst();
        assertThat(runs(daemon)).isTrue();

        processes.endAll();

        assertThat(runs(daemon)).isFalse();
    }

    @Test
    void keepsTheLogWithinItsLimits() throws Exception {
        var limits = new LogLimits(64 << 10, 3);
        var lines = "i=0; while [ $i -lt 15 ]; do head -c 20000 /dev/zero; sleep 0.1; i=$((i+1)); done; exec sleep 300";
        plain.of("r", directory).start(new Command(List.of("sh", "-c", lines), Map.of(), "", directory, log(), limits));

        Eventually.until(
                "the log is rotated twice",
                () -> Files.exists(directory.resolve("output.log.2")) && size(log()) < limits.bytes(),
                () -> size(log()));

        assertThat(directory.resolve("output.log.3")).doesNotExist();
    }

    private Processes processes(boolean groups) {
        return (groups ? grouped : plain).of("r", directory);
    }

    private Command shell(String text) {
        return command(List.of("sh", "-c", text), "");
    }

    private Command command(List<String> line, String user) {
        return new Command(line, Map.of("GREETING", "hello"), user, directory, log());
    }

    private Path log() {
        return directory.resolve("output.log");
    }

    private List<Long> pidsOf(int count) {
        Eventually.until(count + " pids are written", () -> pids().size() >= count, this::pids);
        return pids();
    }

    private List<Long> pids() {
        try {
            return Files.readAllLines(directory.resolve("pids")).stream()
                    .map(Long::parseLong)
                    .toList();
        } catch (IOException notYet) {
            return List.of();
        }
    }

    private static boolean runs(long pid) {
        return ProcessTable.read(pid).filter(ProcessTable.Entry::alive).isPresent();
    }

    private static String endOf(Running running) throws Exception {
        var told = new CompletableFuture<String>();
        running.onExit(told::complete);
        return told.get(10, TimeUnit.SECONDS);
    }

    private static AdoptionRecord record(ProcessIdentity main) {
        return new AdoptionRecord(List.of(main), "", "");
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException none) {
            return -1;
        }
    }
}
