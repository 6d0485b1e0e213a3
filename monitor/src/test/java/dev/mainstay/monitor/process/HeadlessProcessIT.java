package dev.mainstay.monitor.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mainstay.fixtures.Eventually;
import dev.mainstay.linux.ControlGroup;
import dev.mainstay.linux.ControlGroups;
import dev.mainstay.linux.ExitWatch;
import dev.mainstay.linux.FileUser;
import dev.mainstay.linux.ProcessTable;
import dev.mainstay.spi.AdoptionRecord;
import dev.mainstay.spi.ProcessIdentity;
import dev.mainstay.spi.Processes.Command;
import dev.mainstay.spi.Processes.Running;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A process whose first thread has ended while another goes on: the kernel shows state Z for it. And one
/// that has ended and is not collected, of which the kernel shows the same letter.
class HeadlessProcessIT {
    private static final String PROGRAM = """
            import ctypes, threading, time
            held = open('held', 'w')
            threading.Thread(target=lambda: time.sleep(300)).start()
            ctypes.CDLL(None).pthread_exit(None)
            """;

    /// Collects its child a moment after that has ended.
    private static final String SLOW_PARENT = """
            import subprocess, time
            child = subprocess.Popen(['sleep', '300'])
            with open('child', 'w') as file: print(child.pid, file=file)
            while open('/proc/%d/stat' % child.pid).read().split()[2] != 'Z': time.sleep(0.01)
            time.sleep(0.3)
            child.wait()
            """;

    @TempDir
    Path directory;

    private String scope = "";
    private ProcessSupervisor grouped = new ProcessSupervisor("unused");
    private ProcessSupervisor plain = grouped;

    static List<Boolean> withAndWithoutControlGroups() {
        return ProcessSupervisorIT.withAndWithoutControlGroups();
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
    void livesUntilItsLastThreadEnds(boolean groups) throws Exception {
        var running = start(groups);
        var who = running.identity();
        try (var watch = new ExitWatch()) {
            var told = new CountDownLatch(1);
            watch.watch(who.pid(), who.startTicks(), told::countDown);
            assertThat(running.alive()).isTrue();
            assertThat(ProcessTable.alive(who.pid(), who.startTicks())).isTrue();
            assertThat(told.getCount()).isEqualTo(1);

            running.signal("TERM");

            assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(ProcessTable.alive(who.pid(), who.startTicks())).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutControlGroups")
    void isAdoptedAndEnded(boolean groups) throws Exception {
        var running = start(groups);
        try (var later = supervisor(groups)) {
            var adopted = later.of("r", directory).adopt(running.adoption()).orElseThrow();
            assertThat(adopted.alive()).isTrue();

            adopted.kill();

            assertThat(adopted.alive()).isFalse();
            var who = running.identity();
            assertThat(ProcessTable.listed(who.pid(), who.startTicks())).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutControlGroups")
    void isEndedWhenALaterMonitorEndsAll(boolean groups) throws Exception {
        var who = start(groups).identity();

        try (var later = supervisor(groups)) {
            later.of("r", directory).endAll();
        }

        assertThat(ProcessTable.listed(who.pid(), who.startTicks())).isFalse();
    }

    /// Of a first thread that has ended nothing is left in the folder of its process in `/proc`.
    @Test
    void showsWhatItHasThroughAnotherThread() throws Exception {
        var pid = start(false).identity().pid();

        assertThat(ProcessTable.environment(pid, "MAINSTAY_RESOURCE")).contains(scope + "/r");
        assertThat(ProcessTable.commandLine(pid)).startsWith("/usr/bin/python3");
        assertThat(ProcessTable.spokesman(pid).orElseThrow().state()).isEqualTo('S');
        assertThat(ProcessTable.standing(pid)).startsWith("state S, waits in").contains("with thread");
        assertThat(FileUser.of(directory.toRealPath()))
                .extracting(FileUser::pid)
                .contains(pid);
    }

    @Test
    void isSeenInItsControlGroup() throws Exception {
        assumeTrue(ControlGroups.find().isPresent(), "no control group is delegated here");
        var running = start(true);
        var group = new ControlGroup(Path.of(running.adoption().controlGroup()));

        assertThat(group.processes()).isEqualTo(List.of(running.identity().pid()));
        assertThat(group.kill(Duration.ofSeconds(30))).isTrue();
        assertThat(group.populated()).isFalse();
    }

    /// A data base that finds the pid in its lock file alive does not start, and a zombie's is.
    @Test
    void isWaitedForUntilItsPidIsFree() throws Exception {
        var parent = new ProcessBuilder("/usr/bin/python3", "-c", SLOW_PARENT)
                .directory(directory.toFile())
                .start();
        try {
            Eventually.until("the child is there", () -> child() > 0, () -> parent);
            var pid = child();
            var ticks = ProcessTable.read(pid).orElseThrow().startTicks();
            var record = new AdoptionRecord(List.of(new ProcessIdentity(pid, ticks, ProcessTable.bootId())), "", "");
            var adopted = plain.of("r", directory).adopt(record).orElseThrow();

            adopted.kill();

            assertThat(ProcessTable.listed(pid, ticks)).isFalse();
            assertThat(parent.isAlive() || parent.waitFor() == 0).isTrue();
        } finally {
            parent.destroyForcibly();
        }
    }

    private long child() {
        try {
            var text = Files.readString(directory.resolve("child")).strip();
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (IOException notYet) {
            return 0;
        }
    }

    private ProcessSupervisor supervisor(boolean groups) {
        return groups ? new ProcessSupervisor(scope) : ProcessSupervisor.withoutControlGroups(scope);
    }

    private Running start(boolean groups) throws ResourceFailure {
        var command = new Command(
                List.of("/usr/bin/python3", "-c", PROGRAM), Map.of(), "", directory, directory.resolve("output.log"));
        var running = (groups ? grouped : plain).of("r", directory).start(command);
        var pid = running.identity().pid();
        Eventually.until(
                "the first thread has ended",
                () -> ProcessTable.read(pid).orElseThrow().state() == 'Z',
                () -> ProcessTable.read(pid));
        return running;
    }
}
