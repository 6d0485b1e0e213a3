package dev.mainstay.monitor.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.spi.Health;
import dev.mainstay.spi.Reason;
import org.junit.jupiter.api.Test;

/// A check that cannot tell is no failure, but not for ever.
class UndecidedTest {
    private static final StepSettings SETTINGS = new StepSettings(1_000, 100, 200, 10, 20);

    private ResourceState state =
            ResourceState.opening(Phase.Leftover.NOTHING, 0, 1, 1, 1_000).in(new Phase.Online());

    private ResourceStep apply(ResourceEvent event) {
        var step = ResourceStep.of(state, event, SETTINGS, 2_000);
        state = step.next();
        return step;
    }

    private ResourceStep check(Health health) {
        assertThat(apply(new ResourceEvent.RecheckDue()).effects()).containsExactly(new Effect.CallIsAlive());
        return apply(new ResourceEvent.IsAliveAnswered(health));
    }

    private static Health undecided() {
        return new Health.Undecided("the node is busy");
    }

    @Test
    void asksAgainSoonAndTakesTheThirdInARowForAFailure() {
        for (int i = 1; i < CheckStep.UNDECIDED_MAX; i++) {
            assertThat(check(undecided()).effects())
                    .contains(new Effect.Arm(Effect.Alarm.RECHECK, CheckStep.RECHECK_MILLIS));
            assertThat(state.phase()).isEqualTo(new Phase.Online());
        }
        var last = check(undecided());

        assertThat(last.effects()).contains(new Effect.CallTerminate(Reason.FAILURE));
        assertThat(state.phase())
                .isInstanceOfSatisfying(
                        Phase.Terminating.class,
                        terminating -> assertThat(terminating.goal().detail())
                                .contains("could not tell 3 times in a row", "the node is busy"));
    }

    @Test
    void beginsToCountAnewOnceACheckSucceeds() {
        for (int i = 0; i < 10; i++) {
            check(undecided());
            check(undecided());
            check(Health.alive());
        }

        assertThat(state.phase()).isEqualTo(new Phase.Online());
    }
}
