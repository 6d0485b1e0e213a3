package dev.mainstay.monitor.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.protocol.HeldState;
import dev.mainstay.spi.FailureKind;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Outcome;
import dev.mainstay.spi.Reason;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What holds of a resource beside its state, and maintenance.
class ConditionStepTest {
    private static final StepSettings SETTINGS = new StepSettings(1_000, 100, 200, 10, 20);

    private long now = 2_000;
    private ResourceState state = ResourceState.opening(Phase.Leftover.NOTHING, 0, 1, 1, 1_000)
            .entering(new Phase.Online(), HeldState.ONLINE, "", 1_000, 1_000);

    private ResourceStep apply(ResourceEvent event) {
        var step = ResourceStep.of(state, event, SETTINGS, now++);
        state = step.next();
        return step;
    }

    private ResourceStep check(Health health) {
        apply(new ResourceEvent.IsAliveDue());
        return apply(new ResourceEvent.IsAliveAnswered(health));
    }

    private ResourceStep signal(FailureKind kind, String evidence) {
        return apply(new ResourceEvent.ConditionSignalled(kind, evidence));
    }

    private ResourceStep maintenance(boolean on) {
        return apply(new ResourceEvent.MaintenanceChanged(on));
    }

    @Test
    void staysOnlineAfterAFailureInsideItAndReportsIt() {
        long before = state.sequence();

        assertThat(signal(FailureKind.EMBEDDED, "guest hangs").effects()).containsExactly(new Effect.Report());
        assertThat(state.held()).isEqualTo(HeldState.ONLINE);
        assertThat(state.sequence()).isGreaterThan(before);
        assertThat(state.conditions().embeddedFailure()).isEqualTo("guest hangs");
        assertThat(signal(FailureKind.EMBEDDED, "guest hangs").effects()).isEmpty();
    }

    @Test
    void forgetsFailuresThatAreNotItsOwnWhenItComesOnlineAgain() {
        signal(FailureKind.EMBEDDED, "guest hangs");
        signal(FailureKind.NETWORK_LOSS, "eth0 is down");
        apply(new ResourceEvent.OfflineOrdered(1, Reason.MOVE));
        apply(new ResourceEvent.OfflineReturned(Outcome.DONE));
        assertThat(state.conditions().networkLoss()).isEqualTo("eth0 is down");
        apply(new ResourceEvent.OnlineOrdered(1, 2, Reason.MOVE));

        assertThat(state.conditions().networkLoss()).isEmpty();
        assertThat(state.conditions().embeddedFailure()).isEmpty();
    }

    @Test
    void reportsALockAtOnceAndPublishedValuesSoon() {
        assertThat(apply(new ResourceEvent.Described("backup", Map.of())).effects())
                .containsExactly(new Effect.Report());
        assertThat(apply(new ResourceEvent.Described("backup", Map.of("load", "3")))
                        .effects())
                .containsExactly(new Effect.ReportSoon());
        assertThat(state.seenAs("web", 1).conditions().locked()).isEqualTo("backup");
        assertThat(state.seenAs("web", 1).conditions().published()).containsEntry("load", "3");
        assertThat(apply(new ResourceEvent.Described("backup", Map.of("load", "3")))
                        .effects())
                .isEmpty();
    }

    @Test
    void forgetsWhatAnInstanceSaidOnceItIsOpenedAgain() {
        apply(new ResourceEvent.OfflineOrdered(1, Reason.MOVE));
        apply(new ResourceEvent.OfflineReturned(Outcome.DONE));
        apply(new ResourceEvent.Described("backup", Map.of("load", "3")));
        apply(new ResourceEvent.SettingsChanged());
        apply(new ResourceEvent.Described("late", Map.of()));
        apply(new ResourceEvent.CloseReturned());

        assertThat(state.conditions().locked()).isEmpty();
        assertThat(state.conditions().published()).isEmpty();
    }

    @Test
    void onlyNotesADeadVerdictInMaintenance() {
        maintenance(true);
        var step = check(Health.dead("process 7 is gone"));

        assertThat(step.effects())
                .contains(new Effect.Report())
                .doesNotContain(new Effect.CallTerminate(Reason.FAILURE));
        assertThat(state.phase()).isEqualTo(new Phase.Online());
        assertThat(state.held()).isEqualTo(HeldState.ONLINE);
        assertThat(state.conditions().ignoredFailure()).isEqualTo("process 7 is gone");
        assertThat(check(Health.dead("process 7 is gone")).effects())
                .as("said once")
                .containsExactly(new Effect.Arm(Effect.Alarm.IS_ALIVE, 200));
    }

    @Test
    void onlyNotesThatItCannotTellInMaintenance() {
        maintenance(true);
        for (int i = 0; i < 10; i++) {
            check(new Health.Undecided("busy"));
        }

        assertThat(state.held()).isEqualTo(HeldState.ONLINE);
        assertThat(state.conditions().ignoredFailure()).contains("could not tell 3 times in a row: busy");
    }

    @Test
    void onlyNotesTheEndOfAProcessInMaintenance() {
        maintenance(true);
        apply(new ResourceEvent.Suspected("ended by signal 9"));
        apply(new ResourceEvent.IsAliveAnswered(Health.dead("process 7 is gone")));

        assertThat(state.held()).isEqualTo(HeldState.ONLINE);
        assertThat(state.conditions().ignoredFailure()).contains("ended by signal 9", "process 7 is gone");
    }

    @Test
    void onlyNotesWhatTheTypeSignalsInMaintenance() {
        maintenance(true);
        signal(FailureKind.NETWORK_LOSS, "eth0 is down");

        assertThat(state.conditions().networkLoss()).isEmpty();
        assertThat(state.conditions().ignoredFailure()).isEqualTo("eth0 is down");
    }

    @Test
    void looksAtOnceAtWhatItIgnoredWhenMaintenanceEnds() {
        maintenance(true);
        check(Health.dead("process 7 is gone"));
        var end = maintenance(false);

        assertThat(end.effects()).containsExactly(new Effect.Report(), new Effect.CallIsAlive());
        assertThat(state.conditions().ignoredFailure()).isEmpty();
        assertThat(apply(new ResourceEvent.IsAliveAnswered(Health.dead("process 7 is gone")))
                        .effects())
                .contains(new Effect.CallTerminate(Reason.FAILURE));
    }

    @Test
    void looksOnceMoreWhenACheckRunsAsMaintenanceEnds() {
        maintenance(true);
        check(Health.dead("process 7 is gone"));
        apply(new ResourceEvent.LooksAliveDue());
        maintenance(false);

        assertThat(apply(new ResourceEvent.LooksAliveAnswered(Health.alive())).effects())
                .contains(new Effect.CallIsAlive());
    }

    @Test
    void checksNothingAfterAMaintenanceWithoutFailure() {
        maintenance(true);
        check(Health.alive());

        assertThat(maintenance(false).effects()).isEmpty();
    }

    @Test
    void forgetsAnIgnoredFailureOnceItIsFoundAlive() {
        maintenance(true);
        check(Health.dead("process 7 is gone"));
        assertThat(check(Health.alive()).effects()).contains(new Effect.Report());

        assertThat(state.conditions().ignoredFailure()).isEmpty();
        assertThat(maintenance(false).effects()).isEmpty();
    }

    @Test
    void followsOrdersInMaintenance() {
        maintenance(true);
        check(Health.dead("process 7 is gone"));
        apply(new ResourceEvent.OfflineOrdered(1, Reason.REQUESTED));
        apply(new ResourceEvent.OfflineReturned(Outcome.DONE));

        assertThat(state.held()).isEqualTo(HeldState.OFFLINE);
        assertThat(state.conditions().ignoredFailure()).isEmpty();
        assertThat(apply(new ResourceEvent.OnlineOrdered(1, 2, Reason.REQUESTED))
                        .effects())
                .contains(new Effect.CallOnline(1, Reason.REQUESTED));
    }

    @Test
    void adoptsInMaintenanceWhatIsNotFoundAlive() {
        state = ResourceState.opening(Phase.Leftover.RUNNING, 0, 1, 1, 1_000).inMaintenance(true);
        apply(new ResourceEvent.Opened());
        apply(new ResourceEvent.IsAliveAnswered(Health.dead("no process")));

        assertThat(state.held()).isEqualTo(HeldState.ONLINE);
        assertThat(state.conditions().ignoredFailure()).contains("not found alive", "no process");
        assertThat(maintenance(false).effects()).contains(new Effect.CallIsAlive());
    }
}
