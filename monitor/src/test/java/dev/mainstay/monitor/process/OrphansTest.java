package dev.mainstay.monitor.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.fixtures.Eventually;
import dev.mainstay.linux.ProcessTable;
import dev.mainstay.spi.Processes.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Processes that hide from whoever started them, on a node without control groups.
@Timeout(60)
class OrphansTest {
    /// As PostgreSQL does it: each child begins a session of its own and overwrites its environment.
    private static final String DATABASE = """
            env -i setsid sh -c 'echo $$ >>pids; sleep 300 & echo $! >>pids; wait' &
            env -i setsid sh -c 'echo $$ >>pids; exec sleep 300' &
            echo $$ >>pids
            wait
            """;

    /// A daemon that lost its parents long before anybody looks.
    private static final String DAEMON = """
            (env -i setsid sh -c '(setsid sh -c "echo \\$\\$ >>pids; exec sleep 300" &)' &)
            echo $$ >>pids
            exec sleep 300
            """;

    /// One that keeps nothing of what it was given: as above, and all its files are closed.
    private static final String HIDDEN = """
            (env -i setsid sh -c '(setsid sh -c "echo \\$\\$ >>pids; exec sleep 300 <&- >&- 2>&- 9>&-" &)' &)
            echo $$ >>pids
            exec sleep 300
            """;

    @TempDir
    Path directory;

    private final ProcessSupervisor supervisor = ProcessSupervisor.withoutControlGroups(
            "orphans-%d".formatted(ProcessHandle.current().pid()));

    @AfterEach
    void endWhatIsLeft() throws Exception {
        supervisor.of("r", directory).endAll();
        for (long pid : pids()) {
            if (runs(pid)) {
                new ProcessBuilder("kill", "-9", Long.toString(pid)).start().waitFor();
            }
        }
        supervisor.close();
    }

    @Test
    void leavesNothingOfADatabaseWhoseMainProcessWasKilled() throws Exception {
        var running = supervisor.of("r", directory).start(shell(DATABASE));
        var pids = pids(4);
        running.signal("KILL");
        Eventually.until("the main process is gone", () -> !running.alive(), running::identity);
        assertThat(pids).anyMatch(OrphansTest::runs);

        running.kill();

        assertThat(pids).noneMatch(OrphansTest::runs);
    }

    @Test
    void findsADaemonAfterItsParentsAndTheMonitorAreGone() throws Exception {
        var running = supervisor.of("r", directory).start(shell(DAEMON));
        var pids = pids(2);
        running.signal("KILL");
        Eventually.until("the main process is gone", () -> !running.alive(), running::identity);

        try (var later = ProcessSupervisor.withoutControlGroups(
                "orphans-%d".formatted(ProcessHandle.current().pid()))) {
            later.of("r", directory).endAll();
        }

        assertThat(pids).noneMatch(OrphansTest::runs);
        assertThat(directory.resolve("lineage")).doesNotExist();
    }

    @Test
    void findsADaemonThatKeptNothingOfWhatItWasGiven() throws Exception {
        var running = supervisor.of("r", directory).start(shell(HIDDEN));
        var pids = pids(2);
        running.signal("KILL");
        Eventually.until("the main process is gone", () -> !running.alive(), running::identity);
        var hidden = pids.stream().filter(OrphansTest::runs).toList();
        assertThat(hidden).hasSize(1);

        try (var later = ProcessSupervisor.withoutControlGroups(
                "orphans-%d".formatted(ProcessHandle.current().pid()))) {
            assertThat(later.living("r", directory))
                    .extracting(ProcessTable.Entry::pid)
                    .isEqualTo(hidden);
            assertThat(later.living("another", directory.resolve("another"))).isEmpty();
            later.of("r", directory).endAll();
        }

        assertThat(pids).noneMatch(OrphansTest::runs);
    }

    @Test
    void doesNotTakeSomebodyWhoReadsTheLogForAMember() throws Exception {
        var running = supervisor.of("r", directory).start(shell("echo $$ >>pids; exec sleep 300"));
        pids(1);
        var reader = new ProcessBuilder(
                        "tail", "-f", directory.resolve("output.log").toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            running.kill();

            assertThat(reader.isAlive()).isTrue();
        } finally {
            reader.destroyForcibly();
        }
    }

    private Command shell(String text) {
        return new Command(List.of("sh", "-c", text), Map.of(), "", directory, directory.resolve("output.log"));
    }

    private List<Long> pids(int count) {
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
}
