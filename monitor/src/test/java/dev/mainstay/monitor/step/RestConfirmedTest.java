package dev.mainstay.monitor.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.monitor.step.Phase.Failed;
import dev.mainstay.monitor.step.Phase.Offline;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.spi.Reason;
import org.junit.jupiter.api.Test;

/// What a resource at rest answers to the order to be at rest.
class RestConfirmedTest {
    private static final StepSettings SETTINGS = new StepSettings(1_000, 100, 200, 10, 20);

    private static ResourceState resting(Phase phase, HeldState held) {
        return ResourceState.opening(Phase.Leftover.NOTHING, 0, 1, 1, 1_000).entering(phase, held, "", 1_000, 1_000);
    }

    private static ResourceStep apply(ResourceState state, ResourceEvent event) {
        return ResourceStep.of(state, event, SETTINGS, 2_000);
    }

    @Test
    void tellsOnceMoreOfItsRestInTheEpochOfAMove() {
        var state = resting(new Offline(), HeldState.OFFLINE);

        var step = apply(state, new ResourceEvent.OfflineOrdered(2, Reason.MOVE));

        assertThat(step.effects()).containsExactly(new Effect.Report());
        assertThat(step.next().epoch()).isEqualTo(2);
        assertThat(step.next().sequence()).isGreaterThan(state.sequence());
        assertThat(apply(step.next(), new ResourceEvent.OfflineOrdered(2, Reason.MOVE))
                        .effects())
                .isEmpty();
    }

    @Test
    void tellsSoAlsoWhenItCouldNotBeOpened() {
        var state = resting(new Failed(false), HeldState.FAILED);

        var step = apply(state, new ResourceEvent.OfflineOrdered(2, Reason.FAILOVER));

        assertThat(step.effects()).containsExactly(new Effect.Report());
        assertThat(step.next().held()).isEqualTo(HeldState.OFFLINE);
        assertThat(step.next().epoch()).isEqualTo(2);
        assertThat(apply(step.next(), new ResourceEvent.OfflineOrdered(2, Reason.MOVE))
                        .effects())
                .isEmpty();
    }

    @Test
    void opensWhatCouldNotBeOpenedOnceMoreAfterItsFailureWasSettled() {
        var failed = resting(new Failed(false), HeldState.FAILED).failedInAttempt();

        var settled = apply(failed, new ResourceEvent.OfflineOrdered(1, Reason.REQUESTED))
                .next();
        var started = apply(settled, new ResourceEvent.OnlineOrdered(1, 1, Reason.PERSISTENT_STATE));

        assertThat(settled.held()).isEqualTo(HeldState.OFFLINE);
        assertThat(started.effects()).containsExactly(new Effect.CallOpen());
    }

    @Test
    void startsAgainInTheSameAttemptAfterAFailureWasSettled() {
        var failed = resting(new Failed(true), HeldState.FAILED).failedInAttempt();

        var settled = apply(failed, new ResourceEvent.OfflineOrdered(1, Reason.REQUESTED))
                .next();
        var started = apply(settled, new ResourceEvent.OnlineOrdered(1, 1, Reason.PERSISTENT_STATE));

        assertThat(settled.held()).isEqualTo(HeldState.OFFLINE);
        assertThat(started.next().held()).isEqualTo(HeldState.ONLINE_PENDING);
    }
}
