package dev.mainstay.testkit.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import dev.mainstay.protocol.ToService.ControlDone;
import dev.mainstay.testkit.LiveMonitor;
import dev.mainstay.testkit.LiveResource;
import dev.mainstay.testkit.hostile.HostileType.Fault;
import dev.mainstay.testkit.hostile.HostileType.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every fault in every entry point, in a real monitor with a bystander: what the monitor does, what the service
/// hears, and that the bystander's process is the very same afterwards.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileMatrixIT {
    /// What follows from each fault in each entry point. `-` stands for a fault that cannot be there: what returns
    /// nothing cannot return null, and nobody can see whether terminate, close and controls do what they say.
    private static final String TABLE = """
            fault      startup  open     online   worker   offline  looks    isAlive  terminate close   control  typeCtl
            HANG       deadlock deadlock deadlock deadlock deadlock deadlock deadlock deadlock deadlock deadlock deadlock
            SPIN       deadlock deadlock deadlock deadlock deadlock deadlock deadlock deadlock deadlock deadlock deadlock
            EXIT       exit     exit     exit     exit     exit     exit     exit     exit     exit     exit     exit
            HALT       halt     halt     halt     halt     halt     halt     halt     halt     halt     halt     halt
            MEMORY     memory   memory   memory   memory   memory   memory   memory   memory   memory   memory   memory
            THROW      failed   failed   failed   failed   rest     online   failed   retried  closed   refused  refused
            ERROR      failed   failed   failed   failed   rest     online   failed   retried  closed   refused  refused
            NULL       -        failed   failed   -        rest     online   failed   -        -        refused  refused
            LIE        failed   -        failed   -        rest     online   failed   -        -        -        -
            FLOOD      offline  offline  online   online   rest     online   online   failed   closed   done     done
            LEAK       offline  offline  online   online   rest     online   online   failed   closed   done     done
            INTERRUPT  offline  offline  online   online   rest     online   online   failed   closed   done     done
            """;

    /// Exit code of a monitor that ends because of a type.
    private static final int GIVEN_UP = 70;

    /// Exit code of a JVM that has no memory left.
    private static final int NO_MEMORY = 3;

    /// The monitor takes 100 lines a second of each resource, and says so.
    private static final int LINES_MAX = 400;

    @TempDir
    static Path directory;

    private Path plan;
    private LiveMonitor monitor;
    private LiveResource bystander;
    private List<String> bystanderProcess = List.of();
    private int names;

    record Cell(Fault fault, Point point, String outcome) {
        @Override
        public String toString() {
            return "%s in %s: %s".formatted(fault, point, outcome);
        }
    }

    static Stream<Cell> cells() {
        var cells = new ArrayList<Cell>();
        for (var row : TABLE.lines().skip(1).map(line -> line.split("\\s+")).toList()) {
            int column = 1;
            for (var point : Point.values()) {
                cells.add(new Cell(Fault.valueOf(row[0]), point, row[column++]));
            }
        }
        return cells.stream().filter(cell -> !cell.outcome().equals("-"));
    }

    @BeforeAll
    void startMonitor() throws Exception {
        plan = Files.writeString(directory.resolve("plan"), "");
        var own = LiveMonitor.Setting.ofThisClassPath();
        monitor = new LiveMonitor(new LiveMonitor.Setting(
                own.classPath(), own.plugins(), List.of("-D" + HostileType.PLAN + "=" + plan), own.patience()));
        var _ = monitor.start();
        bystander = monitor.resource("bystander", "process", Map.of("command", List.of("sleep", "1000")));
        assertThat(bystander.open().state()).isEqualTo(HeldState.OFFLINE);
        assertThat(bystander.online().state()).isEqualTo(HeldState.ONLINE);
        bystanderProcess = bystander.identities();
        assertThat(bystanderProcess).hasSize(1);
    }

    @AfterAll
    void endMonitor() throws IOException {
        monitor.close();
    }

    @BeforeEach
    void haveMonitorWithBystander() throws Exception {
        behave();
        if (!monitor.process().isAlive()) {
            var _ = monitor.start();
            var adopted = bystander.open();
            assertThat(adopted.state()).as(adopted.detail()).isEqualTo(HeldState.ONLINE);
            assertThat(adopted.detail()).startsWith("adopted");
        }
    }

    @ParameterizedTest
    @MethodSource("cells")
    void eachFaultHasTheOutcomeOfTheTable(Cell cell) throws Exception {
        var hostile = monitor.resource("hostile-" + ++names, "hostile", Map.of())
                .with(new LiveResource.Limits(50, 50, 500, 0));
        int mark = monitor.count();
        provoke(cell, hostile);
        switch (cell.outcome()) {
            case "deadlock" -> assertDeadlock(cell, hostile, mark, "has not returned");
            case "exit" -> assertDeadlock(cell, hostile, mark, "asked the JVM of the monitor to end");
            case "halt" -> assertThat(monitor.awaitEnd()).isEqualTo(HostileType.HALTED);
            case "memory" -> {
                assertThat(monitor.awaitEnd()).isEqualTo(NO_MEMORY);
                assertThat(monitor.tail()).contains("java.lang.OutOfMemoryError");
            }
            case "failed" -> assertFailed(cell, hostile.settled(mark, state -> state == HeldState.FAILED));
            case "offline" -> hostile.settled(mark, state -> state == HeldState.OFFLINE);
            case "rest" ->
                hostile.settled(afterOnline, state -> state == HeldState.OFFLINE || state == HeldState.FAILED);
            case "online" -> assertStaysOnline(hostile);
            case "closed" -> assertClosed(hostile, mark);
            case "refused" -> assertThat(answer.orElseThrow().result()).isEqualTo(ControlDone.Result.FAILED);
            case "done" -> assertThat(answer.orElseThrow().result()).isEqualTo(ControlDone.Result.DONE);
            case "retried" -> assertRetried(hostile, mark);
            default -> throw new AssertionError("no such outcome: " + cell);
        }
        if (cell.fault() == Fault.FLOOD) {
            assertThat(linesSince(mark)).isBetween(2L, (long) LINES_MAX);
        }
        tidy(cell, hostile);
        assertThat(bystander.identities()).as("the bystander's process").isEqualTo(bystanderProcess);
        assertThat(bystander.held().orElseThrow().state()).isEqualTo(HeldState.ONLINE);
    }

    private int afterOnline;
    private Optional<ControlDone> answer = Optional.empty();

    private void plan(Cell cell) throws IOException {
        Files.writeString(plan, cell.point() + " " + cell.fault());
    }

    private void behave() throws IOException {
        Files.writeString(plan, "");
    }

    private void provoke(Cell cell, LiveResource hostile) throws Exception {
        boolean dies = List.of("deadlock", "exit", "halt", "memory").contains(cell.outcome());
        switch (cell.point()) {
            case STARTUP, OPEN -> {
                plan(cell);
                hostile.orderOpen();
            }
            case ONLINE, WORKER -> {
                assertThat(hostile.open().state()).isEqualTo(HeldState.OFFLINE);
                plan(cell);
                hostile.orderOnline();
            }
            case OFFLINE, TERMINATE, LOOKS_ALIVE, IS_ALIVE, RESOURCE_CONTROL, TYPE_CONTROL, CLOSE -> {
                assertThat(hostile.open().state()).isEqualTo(HeldState.OFFLINE);
                assertThat(hostile.online().state()).isEqualTo(HeldState.ONLINE);
                afterOnline = monitor.count();
                plan(cell);
                order(cell.point(), hostile, dies);
            }
        }
    }

    private void order(Point point, LiveResource hostile, boolean dies) throws Exception {
        switch (point) {
            case OFFLINE -> hostile.orderOffline();
            case TERMINATE -> hostile.orderFail();
            case CLOSE -> hostile.orderClose();
            case RESOURCE_CONTROL ->
                answer = dies ? sent(hostile.name(), "") : Optional.of(hostile.control("provoke", Map.of()));
            case TYPE_CONTROL ->
                answer = dies ? sent("", "hostile") : Optional.of(monitor.typeControl("hostile", "provoke", Map.of()));
            case STARTUP, OPEN, ONLINE, WORKER, LOOKS_ALIVE, IS_ALIVE -> {}
        }
    }

    private Optional<ControlDone> sent(String resource, String type) throws IOException {
        monitor.send(new ToMonitor.Control(1_000_000 + names, resource, type, "provoke", Map.of(), 60_000));
        return Optional.empty();
    }

    private void assertDeadlock(Cell cell, LiveResource hostile, int mark, String words) throws Exception {
        assertThat(monitor.awaitEnd()).isEqualTo(GIVEN_UP);
        // The last words have a tenth of a second to get out, which a starved machine may not give; the log
        // has them.
        var told = monitor.poll(Duration.ZERO, mark, message -> LiveMonitor.as(ToService.Deadlocked.class, message));
        boolean ofType = cell.point() == Point.STARTUP || cell.point() == Point.TYPE_CONTROL;
        assertThat(monitor.tail()).contains(words, ofType ? "type 'hostile'" : hostile.name());
        if (told.isPresent()) {
            assertThat(told.get().type()).isEqualTo("hostile");
            assertThat(told.get().summary()).contains(words);
            assertThat(told.get().resource()).isEqualTo(ofType ? "" : hostile.name());
            assertThat(Path.of(told.get().evidence())).exists();
        }
    }

    private static void assertFailed(Cell cell, HeldResource held) {
        switch (cell.fault()) {
            case THROW, ERROR -> assertThat(held.detail()).contains(HostileType.WORDS);
            case NULL -> assertThat(held.detail()).contains("null");
            case LIE -> assertThat(held.detail()).containsAnyOf("a lie", "without handing over work", "version 99");
            case HANG, SPIN, EXIT, HALT, MEMORY, FLOOD, LEAK, INTERRUPT ->
                assertThat(held.state()).isEqualTo(HeldState.FAILED);
        }
    }

    /// Through some twenty checks.
    private void assertStaysOnline(LiveResource hostile) throws Exception {
        int since = monitor.count();
        if (hostile.held().orElseThrow().state() != HeldState.ONLINE) {
            var _ = hostile.settled(0, state -> state == HeldState.ONLINE);
        }
        var lost = hostile.reported(
                Duration.ofMillis(500),
                since,
                held -> held.state() == HeldState.FAILED || held.state() == HeldState.OFFLINE);
        assertThat(lost).isEmpty();
    }

    private void assertClosed(LiveResource hostile, int mark) throws Exception {
        var closed = monitor.await("its end", mark, message -> LiveMonitor.as(ToService.Closed.class, message));
        assertThat(closed.resource()).isEqualTo(hostile.name());
    }

    /// A resource of which something may run is not at rest; terminate is called until it succeeds.
    private void assertRetried(LiveResource hostile, int mark) throws Exception {
        var line = monitor.await(
                "the failed terminate",
                mark,
                message -> LiveMonitor.as(ToService.LogLine.class, message)
                        .filter(one -> one.text().contains("terminate failed")));
        assertThat(line.text()).contains(HostileType.WORDS, "not at rest");
        behave();
        assertThat(hostile.settled(mark, state -> state == HeldState.FAILED).detail())
                .isNotBlank();
    }

    private long linesSince(int mark) throws InterruptedException {
        var lines = new ArrayList<String>();
        var _ = monitor.poll(Duration.ZERO, mark, message -> {
            LiveMonitor.as(ToService.LogLine.class, message)
                    .map(ToService.LogLine::text)
                    .ifPresent(lines::add);
            return Optional.empty();
        });
        return lines.size();
    }

    /// The next cell begins with a monitor that holds the bystander alone.
    private void tidy(Cell cell, LiveResource hostile) throws Exception {
        if (!monitor.process().isAlive()) {
            haveMonitorWithBystander();
            var _ = hostile.open();
        }
        behave();
        if (!cell.outcome().equals("closed")) {
            hostile.close();
        }
    }
}
