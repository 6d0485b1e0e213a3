package dev.mainstay.monitor.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.protocol.HeldState;
import dev.mainstay.spi.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The pending timeout in the time of the step function itself.
class PendingTimeoutTest {
    private static final long TIMEOUT_MILLIS = 1_000;
    private static final StepSettings SETTINGS = new StepSettings(TIMEOUT_MILLIS, 100, 200, 10, 20);
    private static final Effect.Arm RESTARTED = new Effect.Arm(Effect.Alarm.PENDING, TIMEOUT_MILLIS);

    private ResourceState state = ResourceState.opening(Phase.Leftover.NOTHING, 0, 1, 1, 1_000)
            .entering(new Phase.OnlineCall(), HeldState.ONLINE_PENDING, "", 1_000, 1_000);

    private List<Effect> apply(ResourceEvent event) {
        var step = ResourceStep.of(state, event, SETTINGS, 2_000);
        state = step.next();
        return step.effects();
    }

    @Test
    void countsFromTheLastCheckpointThatChanged() {
        assertThat(apply(new ResourceEvent.OnlineReturned(Outcome.PENDING))).contains(RESTARTED);
        assertThat(apply(new ResourceEvent.CheckpointChanged("step 1"))).contains(RESTARTED);
        assertThat(apply(new ResourceEvent.CheckpointChanged("step 1"))).isEmpty();
        assertThat(apply(new ResourceEvent.CheckpointChanged("step 2"))).contains(RESTARTED);
    }

    @Test
    void endsAWorkerThatRepeatsItsCheckpointForEver() {
        apply(new ResourceEvent.OnlineReturned(Outcome.PENDING));
        apply(new ResourceEvent.CheckpointChanged("step 1"));
        var rearmed = new ArrayList<Effect>();
        for (int i = 0; i < 1_000; i++) {
            rearmed.addAll(apply(new ResourceEvent.CheckpointChanged("step 1")));
        }

        assertThat(rearmed).isEmpty();
        assertThat(apply(new ResourceEvent.PendingTimedOut())).contains(new Effect.CancelWork());
        assertThat(((Phase.Draining) state.phase()).goal().detail()).contains("no new checkpoint", "after 'step 1'");
    }
}
