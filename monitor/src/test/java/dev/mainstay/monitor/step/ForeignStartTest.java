package dev.mainstay.monitor.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.protocol.HeldState;
import dev.mainstay.spi.FailureKind;
import dev.mainstay.spi.Outcome;
import dev.mainstay.spi.Reason;
import org.junit.jupiter.api.Test;

/// What somebody else starts while the cluster has it at rest is terminated, and told.
class ForeignStartTest {
    private static final StepSettings SETTINGS = new StepSettings(1_000, 100, 200, 10, 20);
    private static final Effect TERMINATE = new Effect.CallTerminate(Reason.FAILURE);

    private long now = 2_000;
    private ResourceState state = ResourceState.opening(Phase.Leftover.NOTHING, 0, 1, 1, 1_000);

    private ResourceStep apply(ResourceEvent event) {
        var step = ResourceStep.of(state, event, SETTINGS, now++);
        state = step.next();
        return step;
    }

    private ResourceStep startedByOthers(String evidence) {
        return apply(new ResourceEvent.ConditionSignalled(FailureKind.FOREIGN_START, evidence));
    }

    private void fail() {
        apply(new ResourceEvent.Opened());
        apply(new ResourceEvent.OnlineOrdered(1, 2, Reason.REQUESTED));
        apply(new ResourceEvent.OnlineThrew("port 80 is taken"));
        apply(new ResourceEvent.TerminateReturned());
    }

    @Test
    void isNotAtRestUntilItIsTerminated() {
        apply(new ResourceEvent.Opened());

        assertThat(startedByOthers("it is active").effects()).contains(TERMINATE, new Effect.Report());
        assertThat(state.held()).isEqualTo(HeldState.OFFLINE_PENDING);
        assertThat(state.detail()).isEqualTo("it is active");
        apply(new ResourceEvent.TerminateReturned());
        assertThat(state.held()).isEqualTo(HeldState.OFFLINE);
        assertThat(state.detail()).isEqualTo("somebody else started it, so it was terminated: it is active");
        assertThat(state.phase()).isEqualTo(new Phase.Offline());
    }

    @Test
    void staysFailedAndSaysBoth() {
        fail();
        var failedAt = state.seenAt();
        startedByOthers("it is active");
        assertThat(state.held()).isEqualTo(HeldState.OFFLINE_PENDING);
        apply(new ResourceEvent.TerminateReturned());

        assertThat(state.held()).isEqualTo(HeldState.FAILED);
        assertThat(state.seenAt()).isEqualTo(failedAt);
        assertThat(state.detail())
                .isEqualTo("port 80 is taken; then somebody else started it, so it was terminated: it is active");
        startedByOthers("again");
        apply(new ResourceEvent.TerminateReturned());
        assertThat(state.detail())
                .isEqualTo("port 80 is taken; then somebody else started it, so it was terminated: again");
    }

    @Test
    void mayBeTakenOnlineAgain() {
        fail();
        startedByOthers("it is active");
        apply(new ResourceEvent.OnlineOrdered(1, 2, Reason.RESTART));
        apply(new ResourceEvent.TerminateReturned());

        assertThat(apply(new ResourceEvent.OnlineOrdered(1, 2, Reason.RESTART)).effects())
                .as("the attempt that failed")
                .isEmpty();
        assertThat(apply(new ResourceEvent.OnlineOrdered(1, 3, Reason.RESTART)).effects())
                .contains(new Effect.CallOnline(1, Reason.RESTART));
    }

    @Test
    void isTerminatedBeforeItIsClosed() {
        apply(new ResourceEvent.Opened());
        startedByOthers("it is active");
        assertThat(apply(new ResourceEvent.CloseOrdered(Reason.MOVE)).effects()).isEmpty();

        assertThat(apply(new ResourceEvent.TerminateReturned()).effects()).containsExactly(new Effect.CallClose());
    }

    @Test
    void isToldOnceWhileItIsTerminated() {
        apply(new ResourceEvent.Opened());
        startedByOthers("it is active");

        assertThat(startedByOthers("it is active").effects()).isEmpty();
    }

    @Test
    void isOnlyNotedInMaintenance() {
        apply(new ResourceEvent.Opened());
        apply(new ResourceEvent.MaintenanceChanged(true));
        assertThat(startedByOthers("it is active").effects())
                .contains(new Effect.Report())
                .doesNotContain(TERMINATE);
        assertThat(state.held()).isEqualTo(HeldState.OFFLINE);
        assertThat(state.conditions().ignoredFailure()).isEqualTo("it is active");
        assertThat(startedByOthers("it is active").effects()).isEmpty();
        apply(new ResourceEvent.MaintenanceChanged(false));

        assertThat(startedByOthers("it is active").effects()).contains(TERMINATE);
    }

    @Test
    void isOnlyNotedBesideAFailureInMaintenance() {
        fail();
        apply(new ResourceEvent.MaintenanceChanged(true));

        assertThat(startedByOthers("it is active").effects()).doesNotContain(TERMINATE);
        assertThat(state.held()).isEqualTo(HeldState.FAILED);
        assertThat(state.detail()).isEqualTo("port 80 is taken");
        assertThat(state.conditions().ignoredFailure()).isEqualTo("it is active");
    }

    @Test
    void isSaidOnceItIsOpen() {
        startedByOthers("it was active and was killed");
        apply(new ResourceEvent.Opened());

        assertThat(state.held()).isEqualTo(HeldState.OFFLINE);
        assertThat(state.detail()).isEqualTo("it was active and was killed");
    }

    @Test
    void isNothingNewWhileTheClusterStartsItOrHasItOnline() {
        apply(new ResourceEvent.Opened());
        apply(new ResourceEvent.OnlineOrdered(1, 2, Reason.REQUESTED));
        assertThat(startedByOthers("it is active").effects()).isEmpty();
        apply(new ResourceEvent.OnlineReturned(Outcome.DONE));

        assertThat(startedByOthers("it is active").effects()).isEmpty();
        assertThat(state.held()).isEqualTo(HeldState.ONLINE);
    }
}
