package dev.mainstay.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.fixtures.Eventually;
import dev.mainstay.linux.ProcessTable;
import dev.mainstay.monitor.link.ServiceEnd;
import dev.mainstay.monitor.process.ProcessSupervisor;
import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The real monitor, the real socket and real programs; only the service is played.
@Timeout(120)
class WholeMonitorTest {
    /// Tells its pid, and when it is asked to end its name, so that a test sees the order.
    private static final String PROGRAM =
            "trap 'echo $0 >>../order; exit 0' TERM; echo $$ >pid;" + " while :; do sleep 0.05; done";

    @TempDir
    Path directory;

    private final List<Process> monitors = new ArrayList<>();
    private ServiceEnd service;

    @BeforeEach
    void listen() throws IOException {
        service = new ServiceEnd();
    }

    @AfterEach
    void endWhatIsLeft() throws Exception {
        for (var monitor : monitors) {
            monitor.destroyForcibly().waitFor();
        }
        service.close();
        try (var supervisor = new ProcessSupervisor(scope())) {
            for (var name : List.of("web", "database")) {
                supervisor.of(name, folder(name)).endAll();
            }
        }
    }

    @Test
    void tellsTheEndOfAProgramAtOnceAndStartsItAgainWithTheNextAttempt() throws Exception {
        start(20_000);
        bringOnline("web", 1);
        long first = pid("web");
        long begin = System.nanoTime();
        kill(first);
        var failed = report("web", HeldState.FAILED);

        // it takes some milliseconds; a check comes after five seconds at the earliest
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)).isLessThan(2_000);
        assertThat(failed.detail()).contains("ended by signal 9");

        Files.delete(folder("web").resolve("pid"));
        service.send(new ToMonitor.Online("web", 1, 2, "REQUESTED"));
        assertThat(report("web", HeldState.ONLINE).attempt()).isEqualTo(2);
        assertThat(pid("web")).isNotEqualTo(first);
    }

    @Test
    void aSecondMonitorAdoptsTheVerySameProgramOfOneThatWasKilled() throws Exception {
        var killed = start(20_000);
        bringOnline("web", 3);
        long program = pid("web");
        killed.destroyForcibly().waitFor();
        var second = start(20_000);
        service.send(new ToMonitor.Open(spec("web")));
        var adopted = report("web", HeldState.ONLINE);

        assertThat(adopted.detail()).startsWith("adopted");
        assertThat(adopted.attempt()).isEqualTo(3);
        assertThat(pid("web")).isEqualTo(program);
        assertThat(runs(program)).isTrue();

        service.send(new ToMonitor.Stop("SHUTDOWN"));
        assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(Main.ENDED);
        assertThat(runs(program)).isFalse();
    }

    @Test
    void takesEverythingOfflineInOrderOnceTheServiceStayedAway() throws Exception {
        var monitor = start(200);
        bringOnline("database", 1);
        bringOnline("web", 1, "database");
        var programs = List.of(pid("database"), pid("web"));
        service.die();

        assertEndsInOrder(monitor, programs);
    }

    @Test
    void takesEverythingOfflineInOrderOnTerm() throws Exception {
        var monitor = start(20_000);
        bringOnline("database", 1);
        bringOnline("web", 1, "database");
        var programs = List.of(pid("database"), pid("web"));
        monitor.destroy();

        assertEndsInOrder(monitor, programs);
    }

    @Test
    void answersControlsAndAsksTheClusterOverTheLink() throws Exception {
        start(20_000);
        bringOnline("web", 1);
        var processes = control(1, "web", "get-processes");
        assertThat(processes.result()).isEqualTo(ToService.ControlDone.Result.DONE);
        assertThat(processes.output().get("processes"))
                .singleElement()
                .asString()
                .startsWith("pid=%d startTicks=".formatted(pid("web")));
        assertThat(control(2, "web", "get-proceses").error()).contains("Did you mean 'get-processes'?");

        service.send(
                new ToMonitor.Open(new ResourceSpec("asking", "group", "asking", Map.of(), List.of(), 0, 0, 0, 0, 1)));
        report("asking", HeldState.OFFLINE);
        assertThat(control(3, "asking", "where-is").error()).contains("still starting");
        service.send(new ToMonitor.Starting(2, true, false, "n1"));
        service.send(new ToMonitor.Control(4, "asking", "", "where-is", Map.of(), 20_000));
        var query = service.read(ToService.Query.class, _ -> true);
        assertThat(query.what()).isEqualTo("GROUP");
        assertThat(query.name()).isEqualTo("group");
        service.send(
                new ToMonitor.QueryAnswer(query.id(), "", Map.of("state", List.of("online"), "owner", List.of("n2"))));
        assertThat(service.read(ToService.ControlExtended.class, it -> it.id() == 4)
                        .limitMillis())
                .isEqualTo(60_000);
        assertThat(service.read(ToService.ControlDone.class, it -> it.id() == 4).output())
                .isEqualTo(Map.of("owner", List.of("n2"), "here", List.of("n1")));
    }

    private ToService.ControlDone control(long id, String resource, String code) throws Exception {
        service.send(new ToMonitor.Control(id, resource, "", code, Map.of(), 20_000));
        return service.read(ToService.ControlDone.class, it -> it.id() == id);
    }

    private void assertEndsInOrder(Process monitor, List<Long> programs) throws Exception {
        assertThat(monitor.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(monitor.exitValue()).isEqualTo(Main.ENDED);
        assertThat(Files.readAllLines(directory.resolve("data/resources/order")))
                .containsExactly("web", "database");
        assertThat(programs).noneMatch(WholeMonitorTest::runs);
    }

    private Process start(long holdMillis) throws Exception {
        var monitor = new MonitorProcess(directory.resolve("m")).startFor(service, scope());
        monitors.add(monitor);
        service.accept();
        service.send(new ToMonitor.Welcome(1, "key", holdMillis));
        service.read(ToService.Inventory.class, _ -> true);
        return monitor;
    }

    private void bringOnline(String name, long attempt, String... providers) throws Exception {
        service.send(new ToMonitor.Open(spec(name, providers)));
        report(name, HeldState.OFFLINE);
        service.send(new ToMonitor.Online(name, 1, attempt, "REQUESTED"));
        report(name, HeldState.ONLINE);
    }

    private HeldResource report(String name, HeldState state) throws Exception {
        return service.read(
                        ToService.Report.class,
                        report -> report.held().resource().equals(name)
                                && report.held().state() == state)
                .held();
    }

    private static ResourceSpec spec(String name, String... providers) {
        return new ResourceSpec(
                name,
                "group",
                "process",
                Map.of("command", List.of("sh", "-c", PROGRAM, name)),
                List.of(providers).stream().map(List::of).toList(),
                0,
                0,
                0,
                0,
                1);
    }

    private Path folder(String name) {
        return directory.resolve("data/resources").resolve(name);
    }

    private String scope() {
        return "test-%d/%s".formatted(ProcessHandle.current().pid(), directory.getFileName());
    }

    private long pid(String name) {
        var file = folder(name).resolve("pid");
        Eventually.until(
                "'%s' tells its pid".formatted(name), () -> !lines(file).isEmpty(), () -> lines(file));
        return Long.parseLong(lines(file).getFirst());
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException notYet) {
            return List.of();
        }
    }

    private static boolean runs(long pid) {
        return ProcessTable.read(pid).filter(ProcessTable.Entry::alive).isPresent();
    }

    private static void kill(long pid) throws Exception {
        assertThat(new ProcessBuilder("kill", "-9", Long.toString(pid)).start().waitFor())
                .isZero();
    }
}
