package dev.mainstay.service.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.event.Event;
import dev.mainstay.core.state.Reason;
import dev.mainstay.service.control.RecentAnswers.Kept;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentAnswersTest {
    private final RecentAnswers answers = new RecentAnswers();

    private static Answer.Done done(long revision, int events) {
        return new Answer.Done(
                revision, Collections.nCopies(events, new Event.ClusterRunning(new Reason(Reason.Rule.NODE, "x"))));
    }

    @Test
    void forgetsTheOldestAnswersFirst() {
        for (int i = 0; i <= RecentAnswers.LIMIT; i++) {
            answers.keep("r" + i, done(i, 1));
        }

        assertThat(answers.to("r0")).isEmpty();
        assertThat(answers.to("r1")).contains(done(1, 1));
    }

    @Test
    void holdsSoManyEventsOnlyButTheLatestAnswerInAnyCase() {
        answers.keep("small", done(1, 1));
        answers.keep("large", done(2, RecentAnswers.EVENTS_LIMIT));
        assertThat(answers.to("small")).isEmpty();
        assertThat(answers.to("large")).isPresent();

        answers.keep("larger", done(3, RecentAnswers.EVENTS_LIMIT + 1));

        assertThat(answers.to("large")).isEmpty();
        assertThat(answers.to("larger")).isPresent();
        answers.keep("next", done(4, 1));
        assertThat(answers.to("larger")).isEmpty();
        assertThat(answers.to("next")).isPresent();
    }

    @Test
    void anAnswerThatIsKeptTwiceCountsOnce() {
        for (int i = 0; i < 3; i++) {
            answers.keep("r", done(1, RecentAnswers.EVENTS_LIMIT / 2));
        }
        answers.keep("s", done(2, RecentAnswers.EVENTS_LIMIT / 2));

        assertThat(answers.to("r")).isPresent();
    }

    @Test
    void handsOnWhatEntriesDecidedInItsOrder() {
        answers.keep("r1", done(1, 1));
        answers.keep("nothing", done(1, 0));
        answers.keep("r2", done(2, 2));
        var kept = answers.fromEntries();
        assertThat(kept).containsExactly(new Kept("r1", done(1, 1)), new Kept("r2", done(2, 2)));

        var next = new RecentAnswers();
        next.restore(kept);

        assertThat(next.fromEntries()).isEqualTo(kept);
        assertThat(List.of(next.to("r2").orElseThrow())).containsExactly(done(2, 2));
    }
}
