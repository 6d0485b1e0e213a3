package dev.mainstay.service.monitors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.fixtures.Eventually;
import dev.mainstay.linux.ProcessTable;
import dev.mainstay.protocol.Silence;
import dev.mainstay.service.monitors.MonitorStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A process that SIGKILL does not end: one in a frozen control group of version 1, as the kernel keeps one
/// that waits for a device which never answers.
class StuckMonitorIT {
    private static final Duration KILL_LIMIT = Duration.ofMillis(300);

    private final HeardOfMonitors heard = new HeardOfMonitors();
    private Path data = Path.of("/");
    private Path freezer = Path.of("/");
    private Path group = Path.of("/");
    private Optional<Monitors> monitors = Optional.empty();

    @BeforeEach
    void start() throws Exception {
        data = Files.createTempDirectory(Path.of("/tmp"), "ms");
        freezer = Files.createDirectory(data.resolve("freezer"));
        command("mount", "-t", "cgroup", "-o", "freezer", "freezer", freezer.toString());
        group = Files.createDirectory(
                freezer.resolve("mainstay-test-" + ProcessHandle.current().pid()));
        var resort = data.resolve("resort.sh");
        Files.writeString(resort, """
                #!/bin/sh
                cd "$(dirname "$0")" && printf '%s' "$*" > resorted.part && mv resorted.part resorted
                """);
        Files.setPosixFilePermissions(resort, PosixFilePermissions.fromString("rwx------"));
        var command = new MonitorCommand(
                FakeMonitor.class.getName(), System.getProperty("java.class.path", ""), Optional.empty());
        monitors = Optional.of(Monitors.start(
                new Monitors.Setting(
                        data,
                        "test",
                        Duration.ofSeconds(5),
                        Silence.Rule.USUAL,
                        command,
                        KILL_LIMIT,
                        new LastResort(List.of(resort.toString(), "--now"))),
                heard,
                () -> true,
                bug -> {
                    throw new AssertionError(bug);
                }));
        Eventually.until("attached", () -> heard.lines.contains("fresh"), () -> heard.lines);
    }

    private Monitors running() {
        return monitors.orElseThrow();
    }

    private MonitorStatus status() {
        return running().status(MonitorName.DEFAULT).orElseThrow();
    }

    @AfterEach
    void stop() throws Exception {
        freeze(false);
        running().stop("SHUTDOWN", Set.of(), Duration.ofSeconds(30));
        running().close();
        Eventually.until("nothing in the control group", () -> members().isEmpty(), this::members);
        Files.delete(group);
        command("umount", freezer.toString());
    }

    @Test
    void saysSoRunsTheLastResortAndStartsNoOtherBeforeItIsGone() throws Exception {
        saysSoOf(running().pid(MonitorName.DEFAULT), "cgroup.procs");
    }

    /// Its first thread ends and the kernel shows state Z, but the process is not gone.
    @Test
    void saysSoAlsoOfAProcessOfWhichOneThreadStays() throws Exception {
        long stuck = running().pid(MonitorName.DEFAULT);
        long thread = ProcessTable.threads(stuck).stream()
                .mapToLong(ProcessTable.Entry::pid)
                .filter(id -> id != stuck)
                .max()
                .orElseThrow();
        saysSoOf(thread, "tasks");
    }

    private void saysSoOf(long held, String list) throws Exception {
        long stuck = running().pid(MonitorName.DEFAULT);
        Files.writeString(group.resolve(list), Long.toString(held));
        freeze(true);

        running().restart(MonitorName.DEFAULT);

        Eventually.until("stuck", () -> heard.lines.contains("stuck default"), () -> heard.lines);
        assertThat(status().state()).isEqualTo(State.STUCK);
        assertThat(status().trouble()).contains("pid %d".formatted(stuck), "was killed and is still there");
        Eventually.until("the last resort", () -> Files.exists(data.resolve("resorted")), this::status);
        assertThat(Files.readString(data.resolve("resorted"))).startsWith("--now the process of monitor 'default'");
        assertThat(heard.lines).containsExactly("fresh", "detached", "stuck default");
        assertThat(running().pid(MonitorName.DEFAULT)).isEqualTo(stuck);

        freeze(false);

        Eventually.until("another one", () -> heard.lines.size() == 5, () -> heard.lines);
        assertThat(heard.lines).containsExactly("fresh", "detached", "stuck default", "gone REPLACED", "fresh");
        assertThat(status().state()).isEqualTo(State.READY);
        assertThat(RunningProcess.of(stuck)).isEmpty();
        assertThat(status().trouble()).isEmpty();
    }

    private List<String> members() {
        try {
            return Files.readAllLines(group.resolve("tasks"));
        } catch (IOException e) {
            return List.of(e.toString());
        }
    }

    private void freeze(boolean frozen) throws IOException, InterruptedException {
        var state = frozen ? "FROZEN" : "THAWED";
        Files.writeString(group.resolve("freezer.state"), state);
        Eventually.until(state, () -> read(group.resolve("freezer.state")).equals(state), this::members);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static void command(String... words) throws IOException, InterruptedException {
        var process = new ProcessBuilder(words).inheritIO().start();
        assertThat(process.waitFor()).as(String.join(" ", words)).isZero();
    }
}
