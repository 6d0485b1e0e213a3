package dev.mainstay.service.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.decision.Command;
import dev.mainstay.core.decision.Decision;
import dev.mainstay.core.decision.Refusal;
import dev.mainstay.core.event.Cause;
import dev.mainstay.core.event.Event;
import dev.mainstay.core.event.LogEntry;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Reason;
import dev.mainstay.protocol.Limits;
import dev.mainstay.protocol.WireCodec;
import dev.mainstay.service.log.MemoryLog;
import dev.mainstay.service.log.ReplicatedLog.OutcomeUnknown;
import dev.mainstay.service.log.ReplicatedLog.StorageFull;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ControllerTest {
    private static final Instant NOW = Instant.parse("2026-12-01T10:00:00Z");
    private static final NodeId N1 = new NodeId("n1");
    private static final long LIMIT_SECONDS = 10;

    private final LinkedBlockingQueue<Throwable> bugs = new LinkedBlockingQueue<>();
    private final Clock clock = new Clock();
    private final StubRules rules = new StubRules();
    private final Controller controller =
            new Controller("demo", rules, new ClusterClock(clock, () -> clock.uptime, "boot-1"), bugs::add);
    private final List<MemoryLog> logs = new ArrayList<>();

    @AfterEach
    void close() {
        controller.close();
    }

    /// A clock that a test sets.
    private static final class Clock implements InstantSource {
        volatile Instant now = NOW;
        volatile Duration uptime = Duration.ofDays(3);

        @Override
        public Instant instant() {
            return now;
        }
    }

    /// The rules of the cluster, with places where a test may hold, break or time them.
    private static final class StubRules implements Rules {
        final Rules core = Rules.ofCore();
        volatile Optional<CountDownLatch> gate = Optional.empty();
        volatile boolean broken;
        volatile Optional<Instant> deadline = Optional.empty();
        final LinkedBlockingQueue<Command> decided = new LinkedBlockingQueue<>();

        @Override
        public Decision decide(ClusterState state, Command command, Instant now) {
            decided.add(command);
            gate.ifPresent(StubRules::pass);
            if (broken) {
                throw new IllegalStateException("this rule is broken on purpose");
            }
            if (command instanceof Command.PassDeadline) {
                deadline = Optional.empty();
                return new Decision.Accepted(List.of(new Event.ClusterRunning(
                        new Reason(Reason.Rule.RETRY, "a deadline passed at %s".formatted(now)))));
            }
            return core.decide(state, command, now);
        }

        private static void pass(CountDownLatch gate) {
            try {
                if (!gate.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("the test did not open the gate");
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public ClusterState evolve(ClusterState state, Event event) {
            return core.evolve(state, event);
        }

        @Override
        public ClusterState apply(ClusterState state, LogEntry entry) {
            return core.apply(state, entry);
        }

        @Override
        public Optional<Instant> nextDeadline(ClusterState state) {
            return deadline;
        }
    }

    private MemoryLog start() throws IOException {
        controller.start(replica -> {
            var log = new MemoryLog(replica);
            logs.add(log);
            return log;
        });
        return logs.getFirst().lead(true);
    }

    private static Request request(String id, Command command) {
        return new Request(id, "user anna", "a request of this test", command, false);
    }

    private static Command start(String node) {
        return new Command.StartNode(new NodeId(node), 1);
    }

    private static Answer answer(CompletableFuture<Answer> future) throws Exception {
        return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void answersOnceTheDecisionIsApplied() throws Exception {
        start();
        var answer = answer(controller.submit(request("r1", start("n1"))));

        assertThat(answer).isInstanceOfSatisfying(Answer.Done.class, done -> {
            assertThat(done.revision()).isEqualTo(1);
            assertThat(done.events()).hasSize(1).first().isInstanceOf(Event.NodeUp.class);
        });
        assertThat(controller.state().node(N1)).isPresent();
        assertThat(controller.state().time()).isEqualTo(NOW);
    }

    @Test
    void writesOneEntryForEverythingThatWaits() throws Exception {
        var log = start();
        var gate = new CountDownLatch(1);
        rules.gate = Optional.of(gate);
        var first = controller.submit(request("r1", start("n1")));
        rules.decided.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        var others = List.of(
                controller.submit(request("r2", start("n2"))),
                controller.submit(request("r3", start("n3"))),
                controller.submit(request("r4", start("n4"))));
        gate.countDown();
        answer(first);
        for (var other : others) {
            assertThat(answer(other)).isInstanceOf(Answer.Done.class);
        }

        assertThat(log.entries()).hasSize(2);
        assertThat(controller.state().revision()).isEqualTo(2);
        assertThat(controller.state().nodes()).hasSize(4);
        var second = WireCodec.decode(LogEntry.class, log.entries().get(1));
        assertThat(second.decisions())
                .extracting(LogEntry.Decided::cause)
                .extracting(Cause::request)
                .containsExactly("r2", "r3", "r4");
    }

    private static String noise(int characters) {
        return new Random(1)
                .ints(characters, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Test
    void writesAsManyEntriesAsItTakesForWhatOneCannotHold() throws Exception {
        var log = start();
        var gate = new CountDownLatch(1);
        rules.gate = Optional.of(gate);
        var first = controller.submit(request("r1", start("n1")));
        rules.decided.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        var others = IntStream.rangeClosed(2, 9)
                .mapToObj(i -> controller.submit(
                        new Request("r" + i, "user anna", noise(Limits.ENTRY / 4), start("n" + i), false)))
                .toList();
        gate.countDown();
        answer(first);
        for (var other : others) {
            assertThat(answer(other)).isInstanceOf(Answer.Done.class);
        }

        assertThat(controller.state().nodes()).hasSize(9);
        assertThat(log.entries()).hasSizeGreaterThan(3);
        assertThat(log.entries()).allMatch(entry -> entry.length <= Limits.ENTRY);
    }

    @Test
    void refusesWhatNoEntryCanHoldAndDecidesTheOthers() throws Exception {
        var log = start();
        var tooLarge = controller.submit(new Request("r1", "user anna", noise(2 * Limits.ENTRY), start("n1"), false));
        var other = controller.submit(request("r2", start("n2")));

        assertThat(answer(tooLarge)).isInstanceOfSatisfying(Answer.Refused.class, refused -> {
            assertThat(refused.refusal().code()).isEqualTo(Refusal.Code.TOO_LARGE);
            assertThat(refused.refusal().message()).contains("an entry of the log holds 3072 KiB");
        });
        assertThat(answer(other)).isInstanceOf(Answer.Done.class);
        assertThat(controller.state().nodes().keySet()).containsExactly(new NodeId("n2"));
        assertThat(log.entries()).allMatch(entry -> entry.length <= Limits.ENTRY);
    }

    @Test
    void decidesAgainWhenAnotherEntryCameFirst() throws Exception {
        var log = start();
        var reason = new Reason(Reason.Rule.NODE, "written by another leader");
        var other = new LogEntry(
                0,
                NOW.plusSeconds(5),
                List.of(new LogEntry.Decided(
                        new Cause("start-node", "node n9", "x", ""),
                        List.of(new Event.NodeUp(new NodeId("n9"), 1, reason)))));
        log.putAhead(WireCodec.encode(LogEntry.class, other));
        var answer = answer(controller.submit(request("r1", start("n1"))));

        assertThat(answer)
                .isInstanceOfSatisfying(
                        Answer.Done.class, done -> assertThat(done.revision()).isEqualTo(2));
        assertThat(log.entries()).hasSize(3);
        assertThat(controller.state().nodes()).hasSize(2);
        assertThat(controller.state().time()).as("cluster time never goes back").isEqualTo(NOW.plusSeconds(5));
    }

    @Test
    void answersARepeatedRequestWithTheSameAnswer() throws Exception {
        var log = start();
        var first = answer(controller.submit(request("r1", start("n1"))));
        var second = answer(controller.submit(request("r1", start("n1"))));

        assertThat(second).isEqualTo(first);
        assertThat(log.entries()).hasSize(1);
    }

    @Test
    void recognisesARepeatedRequestThatAnotherLeaderDecided() throws Exception {
        var reason = new Reason(Reason.Rule.NODE, "written by another leader");
        var entry = new LogEntry(
                0,
                NOW,
                List.of(new LogEntry.Decided(
                        new Cause("start-node", "node n1", "r1", ""), List.of(new Event.NodeUp(N1, 1, reason)))));
        var log = start();
        log.putAhead(WireCodec.encode(LogEntry.class, entry));
        answer(controller.submit(request("r0", start("n2"))));
        var repeated = answer(controller.submit(request("r1", start("n1"))));

        assertThat(repeated)
                .isEqualTo(new Answer.Done(1, entry.decisions().getFirst().events()));
    }

    @Test
    void decidesADryRunWithoutWriting() throws Exception {
        var log = start();
        var answer = answer(controller.submit(new Request("r1", "user anna", "", start("n1"), true)));

        assertThat(answer)
                .isInstanceOfSatisfying(
                        Answer.Done.class, done -> assertThat(done.events()).hasSize(1));
        assertThat(log.entries()).isEmpty();
    }

    @Test
    void writesNothingForACommandThatChangesNothing() throws Exception {
        var log = start();
        answer(controller.submit(request("r1", start("n1"))));
        var types = request("r2", new Command.RegisterTypes(List.of()));

        assertThat(answer(controller.submit(types))).isEqualTo(new Answer.Done(1, List.of()));
        assertThat(log.entries()).hasSize(1);
    }

    @Test
    void refusesWithStorageWhileTheDiskIsFullAndGoesOnAfterwards() throws Exception {
        var log = start();
        log.fail(Optional.of(new StorageFull("12 KiB are free", new IOException("full"))));
        var full = answer(controller.submit(request("r1", start("n1"))));
        log.fail(Optional.empty());
        var later = answer(controller.submit(request("r1", start("n1"))));

        assertThat(full)
                .isInstanceOfSatisfying(
                        Answer.Unavailable.class,
                        unavailable -> assertThat(unavailable.cause()).isEqualTo(Answer.Unavailable.Cause.STORAGE));
        assertThat(later).isInstanceOf(Answer.Done.class);
    }

    @Test
    void saysUnknownWhenLeadershipIsLostBeforeTheEntryIsConfirmed() throws Exception {
        var log = start();
        log.fail(Optional.of(new OutcomeUnknown("leadership was lost", new IOException("gone"))));

        assertThat(answer(controller.submit(request("r1", start("n1"))))).isInstanceOf(Answer.Unknown.class);
    }

    @Test
    void saysNoLeaderWhenNobodyLeads() throws Exception {
        start().lead(false);

        assertThat(answer(controller.submit(request("r1", start("n1")))))
                .isInstanceOfSatisfying(
                        Answer.Unavailable.class,
                        unavailable -> assertThat(unavailable.cause()).isEqualTo(Answer.Unavailable.Cause.NO_LEADER));
    }

    @Test
    void refusesAsBusyWhenTheQueueIsFull() throws Exception {
        start();
        var gate = new CountDownLatch(1);
        rules.gate = Optional.of(gate);
        var _ = controller.submit(request("first", start("n1")));
        rules.decided.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        var last = new CompletableFuture<Answer>();
        for (int i = 0; i <= Controller.QUEUE_LIMIT; i++) {
            last = controller.submit(request("", start("n1")));
        }
        var answer = answer(last);
        gate.countDown();

        assertThat(answer)
                .isInstanceOfSatisfying(
                        Answer.Unavailable.class,
                        unavailable -> assertThat(unavailable.cause()).isEqualTo(Answer.Unavailable.Cause.BUSY));
    }

    @Test
    void passesADeadlineWhenItIsDueAndThisNodeLeads() throws Exception {
        var applied = new LinkedBlockingQueue<LogEntry>();
        controller.watch((_, entry, _) -> applied.add(entry));
        rules.deadline = Optional.of(NOW.minusMillis(1));
        start();
        var entry = applied.poll(LIMIT_SECONDS, TimeUnit.SECONDS);

        assertThat(entry).isNotNull();
        assertThat(entry.decisions().getFirst().cause())
                .extracting(Cause::command, Cause::actor)
                .containsExactly("pass-deadline", "clock");
        assertThat(applied).isEmpty();
    }

    @Test
    void passesADeadlineInItsTimeThoughTheWallClockIsSetBackByYears() throws Exception {
        start();
        answer(controller.submit(request("r1", start("n1"))));
        var applied = new LinkedBlockingQueue<LogEntry>();
        controller.watch((_, entry, _) -> applied.add(entry));
        rules.deadline = Optional.of(NOW.plusSeconds(20));
        clock.now = Instant.parse("2001-01-01T00:00:00Z");
        clock.uptime = clock.uptime.plusSeconds(19);
        answer(controller.submit(request("r2", start("n2"))));
        clock.uptime = clock.uptime.plusSeconds(1);
        answer(controller.submit(request("r3", start("n3"))));

        var early = applied.remove();
        assertThat(early.time()).isEqualTo(NOW.plusSeconds(19));
        assertThat(early.decisions()).extracting(one -> one.cause().command()).containsExactly("start-node");
        var due = applied.remove();
        assertThat(due.time()).isEqualTo(NOW.plusSeconds(20));
        assertThat(due.wallTime()).as("for people").isEqualTo(clock.now);
        assertThat(due.decisions())
                .extracting(one -> one.cause().command())
                .containsExactly("pass-deadline", "start-node");
    }

    @Test
    void aWallClockThatIsSetAheadByYearsPassesNoDeadline() throws Exception {
        start();
        answer(controller.submit(request("r1", start("n1"))));
        rules.deadline = Optional.of(NOW.plusSeconds(20));
        clock.now = Instant.parse("2060-01-01T00:00:00Z");
        answer(controller.submit(request("r2", start("n2"))));

        assertThat(controller.state().time()).isEqualTo(NOW);
        assertThat(rules.deadline).isPresent();
        assertThat(controller.wallTimeOf(NOW.plusSeconds(20))).isEqualTo(clock.now.plusSeconds(20));
    }

    @Test
    void stopsAndTellsWhenARuleIsBroken() throws Exception {
        start();
        rules.broken = true;
        var answer = controller.submit(request("r1", start("n1")));

        assertThat(bugs.poll(LIMIT_SECONDS, TimeUnit.SECONDS)).hasMessageContaining("broken on purpose");
        assertThat(controller.submit(request("r2", start("n2"))).get(LIMIT_SECONDS, TimeUnit.SECONDS))
                .isInstanceOf(Answer.Unavailable.class);
        assertThat(answer(answer)).isInstanceOf(Answer.Unknown.class);
    }

    @Test
    void tellsWatchersInOrderWithTheStatesBeforeAndAfter() throws Exception {
        var seen = new ArrayList<String>();
        controller.watch((before, _, after) -> seen.add("first %d-%d".formatted(before.revision(), after.revision())));
        controller.watch((before, _, after) -> seen.add("second %d-%d".formatted(before.revision(), after.revision())));
        start();
        answer(controller.submit(request("r1", start("n1"))));

        assertThat(seen).containsExactly("first 0-1", "second 0-1");
        assertThat(controller.awaitRevision(1, Duration.ofSeconds(LIMIT_SECONDS)))
                .isTrue();
        assertThat(controller.awaitRevision(2, Duration.ZERO)).isFalse();
    }
}
