package dev.mainstay.testkit.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.MarkedCalls.MarkedCall;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import dev.mainstay.protocol.ToService.ControlDone;
import dev.mainstay.testkit.LiveMonitor;
import dev.mainstay.testkit.LiveResource;
import dev.mainstay.testkit.hostile.HostileType.Fault;
import dev.mainstay.testkit.hostile.HostileType.Point;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Plays one cell of the matrix: commits its fault and asserts what follows.
final class Trial {
    /// Exit code of a monitor that ends because of a type.
    private static final int GIVEN_UP = 70;

    /// Exit code of a JVM that has no memory left.
    private static final int NO_MEMORY = 3;

    /// The monitor takes 100 lines a second of each resource, and says so.
    private static final int LINES_MAX = 400;

    /// No control that is sent elsewhere has this number.
    private static final int CONTROL = 1_000_000;

    private final Ground ground;
    private final LiveMonitor monitor;
    private final Cell cell;
    private final LiveResource hostile;
    private final int mark;
    private int afterOnline;
    private Optional<ControlDone> answer = Optional.empty();

    Trial(Ground ground, Cell cell) {
        this.ground = ground;
        this.monitor = ground.monitor();
        this.cell = cell;
        this.hostile = ground.hostile(cell);
        this.mark = monitor.count();
    }

    void play() throws Exception {
        provoke();
        switch (cell.outcome()) {
            case "deadlock" -> assertDeadlock("has not returned");
            case "exit" -> assertDeadlock("asked the JVM of the monitor to end");
            case "halt" -> {
                assertThat(monitor.awaitEnd()).isEqualTo(HostileType.HALTED);
                assertBlamed();
            }
            case "memory" -> {
                assertThat(monitor.awaitEnd()).isEqualTo(NO_MEMORY);
                assertThat(monitor.tail()).contains("java.lang.OutOfMemoryError");
                assertBlamed();
            }
            case "failed" -> assertFailed(hostile.settled(mark, state -> state == HeldState.FAILED));
            case "offline" -> hostile.settled(mark, state -> state == HeldState.OFFLINE);
            case "rest" ->
                hostile.settled(afterOnline, state -> state == HeldState.OFFLINE || state == HeldState.FAILED);
            case "online" -> assertStaysOnline();
            case "closed" -> assertClosed();
            case "refused" -> assertThat(answer.orElseThrow().result()).isEqualTo(ControlDone.Result.FAILED);
            case "done" -> assertThat(answer.orElseThrow().result()).isEqualTo(ControlDone.Result.DONE);
            case "retried" -> assertRetried();
            default -> throw new AssertionError("no such outcome: " + cell);
        }
        if (cell.fault() == Fault.FLOOD) {
            assertThat(linesSince(mark)).isBetween(2L, (long) LINES_MAX);
        }
        tidy();
        ground.assertBystanderUntouched();
    }

    private void provoke() throws Exception {
        boolean dies = List.of("deadlock", "exit", "halt", "memory").contains(cell.outcome());
        switch (cell.point()) {
            case STARTUP, OPEN -> {
                ground.plan(cell);
                hostile.orderOpen();
            }
            case ONLINE, WORKER -> {
                assertThat(hostile.open().state()).isEqualTo(HeldState.OFFLINE);
                ground.plan(cell);
                hostile.orderOnline();
            }
            case OFFLINE, TERMINATE, LOOKS_ALIVE, IS_ALIVE, RESOURCE_CONTROL, TYPE_CONTROL, CLOSE -> {
                assertThat(hostile.open().state()).isEqualTo(HeldState.OFFLINE);
                assertThat(hostile.online().state()).isEqualTo(HeldState.ONLINE);
                afterOnline = monitor.count();
                ground.plan(cell);
                order(dies);
            }
        }
    }

    private void order(boolean dies) throws Exception {
        switch (cell.point()) {
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
        monitor.send(new ToMonitor.Control(CONTROL, resource, type, "provoke", Map.of(), 60_000));
        return Optional.empty();
    }

    private void assertDeadlock(String words) throws Exception {
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

    /// The service isolates the one whose calls alone were under way, so no other may stand there.
    private void assertBlamed() throws Exception {
        var call = switch (cell.point()) {
            case STARTUP -> "startup";
            case OPEN -> "open";
            case ONLINE -> "online";
            case WORKER -> "worker of online";
            case OFFLINE -> "offline";
            case LOOKS_ALIVE -> "looksAlive";
            case IS_ALIVE -> "isAlive";
            case TERMINATE -> "terminate";
            case CLOSE -> "close";
            case RESOURCE_CONTROL -> "resourceControl";
            case TYPE_CONTROL -> "resourceTypeControl";
        };
        boolean ofType = cell.point() == Point.STARTUP || cell.point() == Point.TYPE_CONTROL;
        assertThat(monitor.markedCalls().underway())
                .extracting(MarkedCall::resource, MarkedCall::type, MarkedCall::call)
                .containsExactly(tuple(ofType ? "" : hostile.name(), "hostile", call));
    }

    private void assertFailed(HeldResource held) {
        switch (cell.fault()) {
            case THROW, ERROR -> assertThat(held.detail()).contains(HostileType.WORDS);
            case NULL -> assertThat(held.detail()).contains("null");
            case LIE -> assertThat(held.detail()).containsAnyOf("a lie", "without handing over work", "version 99");
            case HANG, SPIN, EXIT, HALT, MEMORY, FLOOD, LEAK, INTERRUPT ->
                assertThat(held.state()).isEqualTo(HeldState.FAILED);
        }
    }

    /// Through some twenty checks.
    private void assertStaysOnline() throws Exception {
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

    private void assertClosed() throws Exception {
        var closed = monitor.await("its end", mark, message -> LiveMonitor.as(ToService.Closed.class, message));
        assertThat(closed.resource()).isEqualTo(hostile.name());
    }

    /// A resource of which something may run is not at rest; terminate is called until it succeeds.
    private void assertRetried() throws Exception {
        var line = monitor.await(
                "the failed terminate",
                mark,
                message -> LiveMonitor.as(ToService.LogLine.class, message)
                        .filter(one -> one.text().contains("terminate failed")));
        var why = cell.fault() == Fault.INTERRUPT ? "it was interrupted" : HostileType.WORDS;
        assertThat(line.text()).contains(why, "not at rest");
        ground.behave();
        assertThat(hostile.settled(mark, state -> state == HeldState.FAILED).detail())
                .isNotBlank();
    }

    private long linesSince(int since) throws InterruptedException {
        var lines = new ArrayList<String>();
        var _ = monitor.poll(Duration.ZERO, since, message -> {
            LiveMonitor.as(ToService.LogLine.class, message)
                    .map(ToService.LogLine::text)
                    .ifPresent(lines::add);
            return Optional.empty();
        });
        return lines.size();
    }

    /// The next cell begins with a monitor that holds the bystander alone.
    private void tidy() throws Exception {
        if (!monitor.process().isAlive()) {
            ground.haveMonitor();
            var _ = hostile.open();
        }
        ground.behave();
        if (!cell.outcome().equals("closed")) {
            hostile.close();
        }
    }
}
