package dev.mainstay.service.monitors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.fixtures.Eventually;
import dev.mainstay.linux.ProcessTable;
import dev.mainstay.protocol.Frames;
import dev.mainstay.protocol.Silence;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import dev.mainstay.protocol.ToService.ControlDone.Result;
import dev.mainstay.protocol.ToService.Hello;
import dev.mainstay.protocol.ToService.Hello.ProcessRef;
import dev.mainstay.service.monitors.MonitorStatus.State;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MonitorsIT {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private final HeardOfMonitors heard = new HeardOfMonitors();
    private Path data = Path.of("/");
    private Optional<Monitors> monitors = Optional.empty();

    @BeforeEach
    void start() throws Exception {
        data = Files.createTempDirectory(Path.of("/tmp"), "ms");
        begin();
        awaitLine(1);
    }

    private void begin() throws IOException {
        begin(Silence.Rule.USUAL);
    }

    private void begin(Silence.Rule silence) throws IOException {
        var command = new MonitorCommand(
                FakeMonitor.class.getName(), System.getProperty("java.class.path", ""), Optional.empty());
        monitors = Optional.of(Monitors.start(
                new Monitors.Setting(data, "test", Duration.ofSeconds(60), silence, command, LastResort.NONE),
                heard,
                () -> true,
                bug -> {
                    throw new AssertionError(bug);
                }));
    }

    private void awaitLine(int count) throws InterruptedException {
        Eventually.until("%d lines".formatted(count), () -> heard.lines.size() >= count, () -> heard.lines);
    }

    private Monitors running() {
        return monitors.orElseThrow();
    }

    @AfterEach
    void stop() throws Exception {
        running().stop("SHUTDOWN", Set.of(), STOP_LIMIT);
        running().close();
    }

    @Test
    void replacesAMonitorThatIsKilled() throws Exception {
        long first = running().pid(MonitorName.DEFAULT);

        ProcessHandle.of(first).ifPresent(ProcessHandle::destroyForcibly);

        awaitLine(4);
        assertThat(heard.lines).containsExactly("fresh", "detached", "gone CRASHED", "fresh");
        assertThat(running().pid(MonitorName.DEFAULT)).isNotEqualTo(first).isPositive();
    }

    @Test
    void takesUpTheMonitorThatOutlivedTheService() throws Exception {
        long first = running().pid(MonitorName.DEFAULT);
        running().close();
        awaitLine(2);

        begin();

        awaitLine(3);
        assertThat(heard.lines).containsExactly("fresh", "detached", "again");
        assertThat(running().pid(MonitorName.DEFAULT)).isEqualTo(first);
    }

    @Test
    void startsANewMonitorWhenTheOldOneIsDead() throws Exception {
        long first = running().pid(MonitorName.DEFAULT);
        running().close();
        awaitLine(2);
        ProcessHandle.of(first).ifPresent(ProcessHandle::destroyForcibly);
        Eventually.until("the old one is dead", () -> RunningProcess.of(first).isEmpty(), () -> first);

        begin();

        awaitLine(3);
        assertThat(heard.lines).containsExactly("fresh", "detached", "fresh");
    }

    @Test
    void showsAStoppedMonitorAtOnceAndReplacesItAfterTheLimit() throws Exception {
        startWith(new Silence.Rule(Duration.ofMillis(200), Duration.ofSeconds(4)));
        long first = running().pid(MonitorName.DEFAULT);

        signal(first, "STOP");

        awaitState(MonitorName.DEFAULT, State.NOT_ANSWERING);
        assertThat(RunningProcess.of(first)).isPresent();
        Eventually.until("replaced", () -> heard.lines.contains("gone CRASHED"), () -> heard.lines);
        assertThat(RunningProcess.of(first)).isEmpty();
        awaitState(MonitorName.DEFAULT, State.READY);
        var ending = running().status(MonitorName.DEFAULT).orElseThrow().last().orElseThrow();
        assertThat(ending.reason()).contains("it did not answer for 4 s, since", "state T (stopped by a signal)");
        assertThat(ending.suspects().all()).isEmpty();
        assertThat(Path.of(ending.evidence())).content().contains("pressure of cpu", "threads:");
    }

    @Test
    void aMonitorThatGoesOnBeforeTheLimitStays() throws Exception {
        startWith(new Silence.Rule(Duration.ofMillis(200), Duration.ofSeconds(60)));
        long first = running().pid(MonitorName.DEFAULT);

        signal(first, "STOP");
        awaitState(MonitorName.DEFAULT, State.NOT_ANSWERING);
        signal(first, "CONT");

        awaitState(MonitorName.DEFAULT, State.READY);
        assertThat(running().pid(MonitorName.DEFAULT)).isEqualTo(first);
        assertThat(heard.lines).endsWith("silent", "answers").doesNotContain("gone CRASHED");
    }

    @Test
    void aLostConnectionIsMadeAgainByTheSameProcess() throws Exception {
        long first = running().pid(MonitorName.DEFAULT);

        var _ = running().control(MonitorName.DEFAULT, "web", "", "leave", Map.of(), Duration.ofSeconds(5));

        awaitLine(3);
        assertThat(heard.lines).containsExactly("fresh", "detached", "again");
        assertThat(running().pid(MonitorName.DEFAULT)).isEqualTo(first);
    }

    @Test
    void somethingUnreadableCostsTheConnectionAndNotTheProcess() throws Exception {
        long first = running().pid(MonitorName.DEFAULT);

        var _ = running().control(MonitorName.DEFAULT, "web", "", "garble", Map.of(), Duration.ofSeconds(5));

        awaitLine(3);
        assertThat(heard.lines).containsExactly("fresh", "detached", "again");
        assertThat(running().pid(MonitorName.DEFAULT)).isEqualTo(first);
    }

    @Test
    void aQueueThatOverflowsCostsTheConnectionAndNotTheProcess() throws Exception {
        startWith(new Silence.Rule(Duration.ofSeconds(1), Duration.ofSeconds(60)));
        long first = running().pid(MonitorName.DEFAULT);

        signal(first, "STOP");
        for (int i = 0; i < 2 * MonitorLink.QUEUE_LIMIT && !heard.lines.contains("detached"); i++) {
            running().send(MonitorName.DEFAULT, new ToMonitor.Offline("resource-with-a-name", i, "REQUESTED"));
        }
        Eventually.until("cut off", () -> heard.lines.contains("detached"), () -> heard.lines);
        signal(first, "CONT");

        Eventually.until("again", () -> heard.lines.getLast().equals("again"), () -> heard.lines);
        assertThat(running().pid(MonitorName.DEFAULT)).isEqualTo(first);
    }

    private void startWith(Silence.Rule silence) throws Exception {
        assertThat(running().stop("SHUTDOWN", Set.of(), STOP_LIMIT)).isTrue();
        running().close();
        heard.lines.clear();
        begin(silence);
        awaitLine(1);
    }

    private static void signal(long pid, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void endsTheMonitorWhenItStops() throws Exception {
        long pid = running().pid(MonitorName.DEFAULT);

        assertThat(running().stop("SHUTDOWN", Set.of(), STOP_LIMIT)).isTrue();

        assertThat(RunningProcess.of(pid)).isEmpty();
        assertThat(data.resolve("monitors/default/session")).doesNotExist();
    }

    @Test
    void startsAMonitorWhenItIsNeededAndEndsItWhenItIsNot() throws Exception {
        running().need("group-shop", MonitorSetup.USUAL);
        awaitState("group-shop", State.READY);
        long pid = running().pid("group-shop");

        running().release("group-shop");

        awaitState("group-shop", State.ENDED);
        assertThat(RunningProcess.of(pid)).isEmpty();
        assertThat(heard.lines).contains("gone ENDED").doesNotContain("gone CRASHED");
        running().need("group-shop", MonitorSetup.USUAL);
        awaitState("group-shop", State.READY);
    }

    @Test
    void takesUpEveryMonitorThatOutlivedTheService() throws Exception {
        running().need("type-process", MonitorSetup.USUAL);
        running().need("resource-web", MonitorSetup.USUAL);
        awaitState("type-process", State.READY);
        awaitState("resource-web", State.READY);
        var pids = List.of(running().pid("type-process"), running().pid("resource-web"));
        running().close();

        begin();

        assertThat(running().takenUp()).containsExactlyInAnyOrder("default", "type-process", "resource-web");
        awaitState("type-process", State.READY);
        awaitState("resource-web", State.READY);
        assertThat(List.of(running().pid("type-process"), running().pid("resource-web")))
                .isEqualTo(pids);
    }

    @Test
    void startsAMonitorThatDiedWithoutAServiceOnceMoreToEndWhatItLeft() throws Exception {
        running().need("resource-web", MonitorSetup.USUAL);
        awaitState("resource-web", State.READY);
        long first = running().pid("resource-web");
        running().close();
        ProcessHandle.of(first).ifPresent(ProcessHandle::destroyForcibly);
        Eventually.until("the old one is dead", () -> RunningProcess.of(first).isEmpty(), () -> first);

        begin();

        assertThat(running().leftBehind()).containsExactly("resource-web");
        awaitState("resource-web", State.READY);
        running().release("resource-web");
        awaitState("resource-web", State.ENDED);
        assertThat(data.resolve("monitors/resource-web/session")).doesNotExist();
    }

    @Test
    void startsAMonitorThatCrashedOnceMoreThoughNobodyNeedsItMeanwhile() throws Exception {
        running().need("resource-web", MonitorSetup.USUAL);
        for (int i = 0; i < 2; i++) {
            awaitState("resource-web", State.READY);
            ProcessHandle.of(running().pid("resource-web")).ifPresent(ProcessHandle::destroyForcibly);
            int crashes = i + 1;
            Eventually.until(
                    "crash %d".formatted(crashes),
                    () -> Collections.frequency(heard.lines, "gone CRASHED") == crashes,
                    () -> heard.lines);
        }

        running().release("resource-web");

        awaitState("resource-web", State.ENDED);
        assertThat(heard.lines).endsWith("gone ENDED");
    }

    @Test
    void killsAMonitorWhoseCallHangsAndTellsWhoseCallItWas() throws Exception {
        long first = running().pid(MonitorName.DEFAULT);

        var answer = running().control(MonitorName.DEFAULT, "web", "process", "hang", Map.of(), STOP_LIMIT);

        awaitLine(4);
        assertThat(heard.lines).containsExactly("fresh", "detached", "gone DEADLOCKED", "fresh");
        assertThat(RunningProcess.of(first)).isEmpty();
        assertThat(answer.get(30, TimeUnit.SECONDS).error()).contains("ended before it answered");
        var last = running().status(MonitorName.DEFAULT).orElseThrow().last().orElseThrow();
        assertThat(last.culprit()).contains("web");
        assertThat(last.reason()).contains("it hangs");
    }

    /// The processes of monitors of this test but one.
    private List<Long> others(long pid) {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.isAlive() && child.pid() != pid)
                .map(ProcessHandle::pid)
                .filter(child ->
                        ProcessTable.commandLine(child).stream().anyMatch(word -> word.contains(data.toString())))
                .toList();
    }

    private long successorOf(long doomed) throws InterruptedException {
        var _ = running().control(MonitorName.DEFAULT, "web", "process", "doomed", Map.of(), STOP_LIMIT);
        Eventually.until("the next one is started", () -> others(doomed).size() == 1, () -> others(doomed));
        return others(doomed).getFirst();
    }

    @Test
    void startsTheNextMonitorWhileTheOneBeforeGathersEvidenceAndLetsItInAfterThat() throws Exception {
        long first = running().pid(MonitorName.DEFAULT);

        long second = successorOf(first);
        assertThat(running().pid(MonitorName.DEFAULT)).isEqualTo(first);
        assertThat(Session.readFrom(data.resolve("monitors/default"))
                        .orElseThrow()
                        .process()
                        .pid())
                .isEqualTo(first);
        var _ = running().control(MonitorName.DEFAULT, "web", "process", "hang", Map.of(), STOP_LIMIT);

        awaitLine(4);
        assertThat(heard.lines).containsExactly("fresh", "detached", "gone DEADLOCKED", "fresh");
        assertThat(running().pid(MonitorName.DEFAULT)).isEqualTo(second);
        assertThat(RunningProcess.of(first)).isEmpty();
    }

    @Test
    void endsTheNextMonitorWithItselfWhenItStops() throws Exception {
        long second = successorOf(running().pid(MonitorName.DEFAULT));

        running().stop("SHUTDOWN", Set.of(), STOP_LIMIT);

        Eventually.until("it has ended", () -> RunningProcess.of(second).isEmpty(), () -> second);
    }

    @Test
    void replacesAMonitorOnRequestWithoutCountingACrash() throws Exception {
        long first = running().pid(MonitorName.DEFAULT);

        assertThat(running().restart(MonitorName.DEFAULT)).isTrue();
        assertThat(running().restart("nobody")).isFalse();

        awaitLine(4);
        assertThat(heard.lines).containsExactly("fresh", "detached", "gone REPLACED", "fresh");
        assertThat(running().pid(MonitorName.DEFAULT)).isNotEqualTo(first);
        assertThat(running().status(MonitorName.DEFAULT).orElseThrow().crashes())
                .isZero();
    }

    @Test
    void saysWhyAMonitorDoesNotStartAndWaitsLongerEachTime() throws Exception {
        running().need("resource-broken", MonitorSetup.USUAL);

        awaitState("resource-broken", State.WAITING);

        var status = running().status("resource-broken").orElseThrow();
        assertThat(status.trouble()).contains("exit code 9", "libfoo.so.1 is missing");
        assertThat(status.crashes()).isGreaterThanOrEqualTo(2);
        assertThat(status.startsAt()).isPresent();
        assertThat(heard.lines).contains("gone NOT_STARTED");
    }

    @Test
    void asksControlsAndMeasures() throws Exception {
        var limit = Duration.ofSeconds(30);
        var done = running().control(MonitorName.DEFAULT, "", "process", "version", Map.of(), limit);
        var late = running().control(MonitorName.DEFAULT, "", "process", "late", Map.of(), limit);
        var never = running().control(MonitorName.DEFAULT, "", "process", "never", Map.of(), Duration.ofMillis(50));
        var nobody = running().control("type-x", "", "x", "version", Map.of(), limit);

        assertThat(done.get(30, TimeUnit.SECONDS).output()).containsEntry("code", List.of("version"));
        assertThat(late.get(30, TimeUnit.SECONDS).result()).isEqualTo(Result.DONE);
        assertThat(never.get(30, TimeUnit.SECONDS).error()).isEqualTo("no answer within 50 ms");
        assertThat(nobody.get().error()).contains("no monitor 'type-x'");
        assertThat(running()
                        .measures(MonitorName.DEFAULT, limit)
                        .get(30, TimeUnit.SECONDS)
                        .polls())
                .isEqualTo(7);
    }

    private void awaitState(String monitor, State state) throws InterruptedException {
        Eventually.until(
                "monitor %s %s".formatted(monitor, state),
                () -> running()
                        .status(monitor)
                        .filter(one -> one.state() == state)
                        .isPresent(),
                () -> running().all());
    }

    @Test
    void closesAConnectionThatSendsGarbage() throws Exception {
        try (var stranger = connect()) {
            stranger.write(ByteBuffer.wrap("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));

            assertThat(isClosed(stranger)).isTrue();
        }
        assertUndisturbed();
    }

    @Test
    void closesAConnectionThatClaimsAFrameTooLarge() throws Exception {
        var frame = Frames.frame(ToService.class, new ToService.Closed("x"));
        frame.putInt(4, MonitorSocket.HELLO_BYTES_MAX + 1);
        try (var stranger = connect()) {
            stranger.write(frame);

            assertThat(isClosed(stranger)).isTrue();
        }
        assertUndisturbed();
    }

    @Test
    void closesAConnectionThatStopsWithinAFrame() throws Exception {
        var frame = Frames.frame(ToService.class, new ToService.Closed("x"));
        try (var stranger = connect()) {
            stranger.write(frame.slice(0, frame.limit() / 2));

            assertThat(isClosed(stranger)).isTrue();
        }
        assertUndisturbed();
    }

    @Test
    void refusesAWrongCredential() throws Exception {
        try (var stranger = connect()) {
            var hello = new Hello(1, 1, "default", "guess", new ProcessRef(1, 1, "boot"));
            Frames.write(stranger, ToService.class, hello);

            assertThat(Frames.read(stranger, ToMonitor.class)).isInstanceOf(ToMonitor.Refused.class);
        }
        assertUndisturbed();
    }

    @Test
    void staysOpenForMonitorsBehindManySilentStrangers() throws Exception {
        var silent = new ArrayList<SocketChannel>();
        for (int i = 0; i < MonitorSocket.STRANGERS_MAX + 10; i++) {
            silent.add(connect());
        }
        for (var stranger : silent) {
            assertThat(isClosed(stranger)).isTrue();
            stranger.close();
        }
        ProcessHandle.of(running().pid(MonitorName.DEFAULT)).ifPresent(ProcessHandle::destroyForcibly);

        awaitLine(4);
        assertThat(heard.lines).containsExactly("fresh", "detached", "gone CRASHED", "fresh");
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(data.resolve("run/monitors.sock")));
    }

    /// Waits for the other side to close; bytes it never read make that a reset.
    private static boolean isClosed(SocketChannel stranger) throws IOException {
        try {
            return stranger.read(ByteBuffer.allocate(64)) < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    private void assertUndisturbed() {
        assertThat(heard.lines).containsExactly("fresh");
        assertThat(RunningProcess.of(running().pid(MonitorName.DEFAULT))).isPresent();
    }
}
