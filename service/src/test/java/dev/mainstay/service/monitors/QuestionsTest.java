package dev.mainstay.service.monitors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.protocol.ToService.ControlDone;
import dev.mainstay.protocol.ToService.ControlDone.Result;
import dev.mainstay.protocol.ToService.Measures;
import dev.mainstay.protocol.ToService.Measures.Spread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QuestionsTest {
    private static final Duration LIMIT = Duration.ofMillis(100);

    private final VirtualAlarm alarm = new VirtualAlarm();
    private final Questions questions = new Questions("default", alarm);
    private final List<Long> sent = new ArrayList<>();

    /// Does what is due when the test says that time has passed.
    private static final class VirtualAlarm extends ScheduledThreadPoolExecutor {
        private final List<Due> due = new ArrayList<>();
        private long nowMillis;

        private record Due(long atMillis, Runnable what, ScheduledFuture<?> set) {}

        VirtualAlarm() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable what, long delay, TimeUnit unit) {
            // The real one never comes: it only tells whether it was cancelled.
            var set = super.schedule(() -> {}, 1, TimeUnit.DAYS);
            due.add(new Due(nowMillis + unit.toMillis(delay), what, set));
            return set;
        }

        void pass(Duration span) {
            nowMillis += span.toMillis();
            for (var one : List.copyOf(due)) {
                if (one.atMillis <= nowMillis && due.remove(one) && !one.set.isCancelled()) {
                    one.what.run();
                }
            }
        }

        long waiting() {
            return due.stream().filter(one -> !one.set.isCancelled()).count();
        }
    }

    @AfterEach
    void end() {
        alarm.shutdownNow();
    }

    private CompletableFuture<ControlDone> ask() {
        return questions.control(LIMIT, sent::add);
    }

    private static ControlDone done(long id) {
        return new ControlDone(id, Result.DONE, Map.of("n", List.of("1")), "");
    }

    @Test
    void givesEachAnswerToWhoAskedForIt() {
        var first = ask();
        var second = ask();

        assertThat(questions.answered(done(sent.getLast()))).isTrue();

        assertThat(first).isNotDone();
        assertThat(second).isCompletedWithValue(done(sent.getLast()));
        assertThat(alarm.waiting()).as("alarms of what is open").isEqualTo(1);
        assertThat(questions.answered(done(sent.getLast())))
                .as("a second answer")
                .isFalse();
        assertThat(questions.answered(done(4711))).as("nobody asked").isFalse();
    }

    @Test
    void answersWithinItsTimeThoughTheMonitorDoesNot() {
        var control = ask();
        var measures = questions.measures(LIMIT, sent::add);

        alarm.pass(LIMIT.minusMillis(1));
        assertThat(control).isNotDone();
        alarm.pass(Duration.ofMillis(1));

        assertThat(control.join().result()).isEqualTo(Result.FAILED);
        assertThat(control.join().error()).isEqualTo("no answer within 100 ms");
        assertThatThrownBy(measures::join).hasCauseInstanceOf(TimeoutException.class);
        assertThat(questions.answered(done(sent.getFirst())))
                .as("it is too late")
                .isFalse();
    }

    @Test
    void waitsLongerForAControlThatSaysSo() {
        var control = ask();
        alarm.pass(Duration.ofMillis(90));

        questions.extended(sent.getFirst(), LIMIT);

        alarm.pass(Duration.ofMillis(90));
        assertThat(control).isNotDone();
        alarm.pass(Duration.ofMillis(10));
        assertThat(control.join().error()).isEqualTo("no answer within 100 ms");
    }

    @Test
    void answersAllWhenTheMonitorIsGone() {
        var control = ask();
        var measures = questions.measures(LIMIT, sent::add);

        questions.lost();

        assertThat(control.join().error()).isEqualTo("monitor 'default' ended before it answered");
        assertThatThrownBy(measures::join).hasMessageContaining("monitor 'default' ended before it answered");
    }

    @Test
    void answersAtOnceWhenTheMonitorIsNotConnected() {
        var control = questions.control(LIMIT, _ -> false);

        assertThat(control.join().error()).isEqualTo("monitor 'default' is not connected");
    }

    @Test
    void mistakesNoMeasuresForTheAnswerOfAControl() {
        var control = ask();
        var measures = questions.measures(LIMIT, sent::add);
        var told = new Measures(sent.getLast(), List.of(), List.of(), new Spread(0, 0, 0, 0, 0), 7);

        assertThat(questions.answered(told)).isTrue();

        assertThat(measures).isCompletedWithValue(told);
        assertThat(control).isNotDone();
    }

    @Test
    void refusesMoreThanMayWait() {
        for (int i = 0; i < Questions.WAITING_MAX; i++) {
            var _ = ask();
        }

        assertThat(ask().join().error()).isEqualTo("1000 questions wait for monitor 'default' already");
        assertThat(sent).hasSize(Questions.WAITING_MAX);
        questions.answered(done(sent.getFirst()));
        assertThat(ask()).as("there is room again").isNotDone();
    }
}
