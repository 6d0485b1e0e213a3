package dev.mainstay.monitor.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.fixtures.Eventually;
import dev.mainstay.monitor.entry.EntryPoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every entry point beside every other, of the same resource and of another one, as the contract allows it.
class TurnsTest {
    private static final List<EntryPoint> BESIDE_TERMINATE = List.of(
            EntryPoint.ONLINE,
            EntryPoint.OFFLINE,
            EntryPoint.LOOKS_ALIVE,
            EntryPoint.IS_ALIVE,
            EntryPoint.ARBITRATE,
            EntryPoint.RELEASE,
            EntryPoint.RESOURCE_CONTROL,
            EntryPoint.TYPE_CONTROL,
            EntryPoint.CANCEL);

    private final List<Call> calls = new ArrayList<>();

    static Stream<Arguments> pairs() {
        return Stream.of(true, false)
                .flatMap(independent -> Stream.of(true, false)
                        .flatMap(same -> Arrays.stream(EntryPoint.values())
                                .flatMap(first -> Arrays.stream(EntryPoint.values())
                                        .map(second -> Arguments.of(first, second, same, independent)))));
    }

    @ParameterizedTest(name = "{0} and {1}, same resource {2}, independent {3}")
    @MethodSource("pairs")
    void letsRunTogetherJustWhatMay(EntryPoint first, EntryPoint second, boolean same, boolean independent)
            throws Exception {
        var turns = new Turns(independent);
        var one = turns.ofResource();
        var running = new Call(turns, one, first).runs();
        var other = new Call(turns, same ? one : turns.ofResource(), second);

        if (first.mayOverlap(second, same, independent)) {
            other.runs();
        } else {
            other.waits();
            running.end();
            other.runs();
        }
    }

    /// The table itself, against the sentences of the contract.
    @ParameterizedTest(name = "{0} and {1}, same resource {2}, independent {3}")
    @MethodSource("pairs")
    void followsTheSentencesOfTheContract(EntryPoint a, EntryPoint b, boolean same, boolean independent) {
        var may = a.mayOverlap(b, same, independent);

        assertThat(may).as("does not depend on who came first").isEqualTo(b.mayOverlap(a, same, independent));
        if (a == EntryPoint.STARTUP) {
            assertThat(may).as("nothing runs beside startup").isFalse();
        } else if (a == EntryPoint.TERMINATE && BESIDE_TERMINATE.contains(b)) {
            assertThat(may).as("terminate may come at any of these times").isTrue();
        } else if (a == EntryPoint.TERMINATE && same) {
            assertThat(may).as("never with open, close and another terminate").isFalse();
        } else if (b == EntryPoint.TERMINATE || a == EntryPoint.TERMINATE) {
            return;
        } else if (!independent) {
            assertThat(may).as("one at a time in the whole type").isFalse();
        } else if (same && !a.ofType() && !b.ofType()) {
            assertThat(may).as("one at a time for a resource").isFalse();
        }
    }

    @Test
    void doesNotWaitWhereItOnlyTries() throws Exception {
        var turns = new Turns(true);
        var one = turns.ofResource();
        var running = new Call(turns, one, EntryPoint.ONLINE).runs();
        var ran = new ArrayList<String>();

        assertThat(one.tryTake(EntryPoint.RESOURCE_CONTROL, () -> ran.add("beside online")))
                .isFalse();
        running.end();
        Eventually.until("online has ended", () -> running.thread.getState() == Thread.State.TERMINATED, () -> "");
        assertThat(one.tryTake(EntryPoint.RESOURCE_CONTROL, () -> ran.add("alone")))
                .isTrue();
        assertThat(ran).containsExactly("alone");
    }

    @AfterEach
    void endCalls() {
        calls.forEach(Call::end);
    }

    /// A call that runs until it is told to end.
    private final class Call {
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch leave = new CountDownLatch(1);
        private final Thread thread;

        Call(Turns turns, Turns.OfResource resource, EntryPoint entry) {
            boolean ofType = entry == EntryPoint.STARTUP || entry == EntryPoint.TYPE_CONTROL;
            thread = Thread.ofPlatform().name(entry.word()).start(() -> {
                try (var _ = ofType ? turns.take(entry) : resource.take(entry)) {
                    entered.countDown();
                    leave.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            calls.add(this);
        }

        Call runs() throws InterruptedException {
            assertThat(entered.await(10, TimeUnit.SECONDS))
                    .as(thread.getName() + " runs")
                    .isTrue();
            return this;
        }

        void waits() {
            Eventually.until(
                    thread.getName() + " waits", () -> thread.getState() == Thread.State.WAITING, thread::getState);
            assertThat(entered.getCount())
                    .as(thread.getName() + " has not begun")
                    .isEqualTo(1);
        }

        void end() {
            leave.countDown();
        }
    }
}
