package dev.mainstay.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.monitor.link.ServiceEnd;
import dev.mainstay.monitor.process.ProcessSupervisor;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import dev.mainstay.protocol.ToService.Deadlocked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The real monitor with a call that never returns: evidence, word to the service, end.
@Timeout(60)
class DeadlockTest {
    private static final long LIMIT_MILLIS = 500;

    /// What is promised, with room for a machine that is busy with other tests.
    private static final long LATE_MILLIS = 50;

    @TempDir
    Path directory;

    private ServiceEnd service;
    private Optional<Process> monitor = Optional.empty();

    @BeforeEach
    void start() throws Exception {
        service = new ServiceEnd();
    }

    private void startMonitor() throws Exception {
        monitor = Optional.of(new MonitorProcess(directory.resolve("m")).startFor(service, scope()));
        service.accept();
        service.send(new ToMonitor.Welcome(1, "key", 20_000));
        service.read(ToService.Inventory.class, _ -> true);
    }

    @AfterEach
    void end() throws Exception {
        monitor.ifPresent(Process::destroyForcibly);
        service.close();
        try (var supervisor = new ProcessSupervisor(scope())) {
            supervisor.of("web", directory.resolve("data/resources/web")).endAll();
        }
    }

    private String scope() {
        return "test-%d/%s".formatted(ProcessHandle.current().pid(), directory.getFileName());
    }

    private void open(String in, String with) throws IOException {
        service.send(new ToMonitor.Open(new ResourceSpec(
                "web",
                "group",
                "hanging",
                Map.of("in", List.of(in), "with", List.of(with)),
                List.of(),
                20,
                40,
                LIMIT_MILLIS,
                LIMIT_MILLIS,
                1)));
    }

    private Deadlocked hang(String in, String with) throws Exception {
        startMonitor();
        open(in, with);
        if (!in.equals("open")) {
            await(HeldState.OFFLINE);
            if (!in.equals("close")) {
                service.send(new ToMonitor.Online("web", 1, 1, "REQUESTED"));
            }
            switch (in) {
                case "offline" -> {
                    await(HeldState.ONLINE);
                    service.send(new ToMonitor.Offline("web", 1, "REQUESTED"));
                }
                case "terminate" -> {
                    await(HeldState.ONLINE);
                    service.send(new ToMonitor.Fail("web", "asked to"));
                }
                case "close" -> service.send(new ToMonitor.Close("web", "DELETED"));
                default -> {}
            }
        }
        return service.read(Deadlocked.class, _ -> true);
    }

    private void await(HeldState state) throws Exception {
        service.read(ToService.Report.class, report -> report.held().state() == state);
    }

    private void assertEnded() throws Exception {
        var process = monitor.orElseThrow();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(Main.DEADLOCK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"open", "online", "offline", "looksAlive", "isAlive", "terminate", "close"})
    void leavesEvidenceOfACallThatNeverReturnsAndEnds(String call) throws Exception {
        var told = hang(call, "");
        assertEnded();

        assertThat(told.call()).isEqualTo(call);
        assertThat(told.resource()).isEqualTo("web");
        assertThat(told.type()).isEqualTo("hanging");
        assertThat(told.limitMillis()).isEqualTo(LIMIT_MILLIS);
        assertThat(Path.of(told.evidence())).hasParent(directory.resolve("data/evidence"));
        var evidence = Files.readString(Path.of(told.evidence()));
        assertThat(evidence)
                .contains(told.summary(), "resource  web", "type      hanging", "call      " + call, "limit     500 ms")
                .contains("HangingType$Hanging.play", "cpu some", "memory some", "io some", "\"main\" RUNNABLE");
        var lasted = Long.parseLong(evidence.replaceFirst("(?s).*?not returned for (\\d+) ms.*", "$1"));
        assertThat(lasted).isBetween(LIMIT_MILLIS, LIMIT_MILLIS + LATE_MILLIS);
    }

    @Test
    void declaresAWorkerThatDoesNotEndWhenItIsCancelled() throws Exception {
        var told = hang("worker", "");
        assertEnded();

        assertThat(told.call()).isEqualTo("cancelled worker");
        assertThat(Files.readString(Path.of(told.evidence()))).contains("HangingType$Hanging.play");
    }

    @Test
    void showsTheProcessesThatACallWaitsFor() throws Exception {
        var told = hang("isAlive", "echo the last words; sleep 4711 & wait");
        assertEnded();

        assertThat(Files.readString(Path.of(told.evidence())))
                .containsPattern("pid \\d+, parent \\d+, state S, waits in \\S+: \\S*sh -c echo the last words")
                .containsPattern("pid \\d+, parent \\d+, state S, waits in \\S+: sleep 4711")
                .contains("VmRSS:");
    }

    @Test
    void endsAlsoWhenItsEvidenceCannotBeWritten() throws Exception {
        Files.createDirectories(directory.resolve("data"));
        Files.writeString(directory.resolve("data/evidence"), "no folder");
        var told = hang("isAlive", "");
        assertEnded();

        assertThat(told.evidence()).isEmpty();
        assertThat(told.summary()).contains("'isAlive'", "'web'");
        assertThat(Files.readString(directory.resolve("err"))).contains("evidence cannot be written", "HangingType");
    }
}
