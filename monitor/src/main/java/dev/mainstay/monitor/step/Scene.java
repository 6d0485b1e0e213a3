package dev.mainstay.monitor.step;

import dev.mainstay.monitor.step.Effect.Alarm;
import dev.mainstay.monitor.step.Effect.Arm;
import dev.mainstay.monitor.step.Effect.CallIsAlive;
import dev.mainstay.monitor.step.Effect.CallTerminate;
import dev.mainstay.monitor.step.Effect.DisarmAll;
import dev.mainstay.monitor.step.Effect.DropRecord;
import dev.mainstay.monitor.step.Effect.Report;
import dev.mainstay.monitor.step.Effect.SaveRecord;
import dev.mainstay.monitor.step.Phase.End;
import dev.mainstay.monitor.step.Phase.Goal;
import dev.mainstay.monitor.step.Phase.Wish;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.spi.Reason;
import java.util.ArrayList;
import java.util.List;

/// The moves that a resource makes, whatever event led to them.
record Scene(ResourceState state, StepSettings settings, long at) {
    /// How long a cancelled worker may take before terminate runs beside it, in milliseconds: long enough for
    /// cleaning up after an interrupt, short enough not to be felt in a failover.
    static final long CANCEL_GRACE_MILLIS = 2_000;

    ResourceStep stay(Effect... effects) {
        return new ResourceStep(state, List.of(effects));
    }

    ResourceStep unexpected(ResourceEvent event) {
        return stay(new Effect.Log(
                System.Logger.Level.ERROR,
                "%s happened in phase %s, where it cannot happen: it is ignored. This is a bug of the monitor."
                        .formatted(event, state.phase())));
    }

    ResourceStep go(Phase phase, Effect... effects) {
        return new ResourceStep(state.in(phase), List.of(effects));
    }

    /// Goes on after effects that come first.
    ResourceStep go(Phase phase, List<Effect> first, Effect... effects) {
        var all = new ArrayList<>(first);
        all.addAll(List.of(effects));
        return new ResourceStep(state.in(phase), all);
    }

    ResourceStep startOnline(Wish.BeOnline order) {
        var next = state.ordered(order.epoch(), order.attempt())
                .suspecting(Suspicion.NONE)
                .under(state.conditions()
                        .embeddedFailure("")
                        .networkLoss("")
                        .ignoredFailure("")
                        .lasting(false))
                .entering(new Phase.OnlineCall(), HeldState.ONLINE_PENDING, "", at, at);
        return new ResourceStep(
                next, List.of(new SaveRecord(), new Report(), new Effect.CallOnline(order.epoch(), order.reason())));
    }

    ResourceStep startOffline(Reason reason) {
        var next = state.entering(new Phase.OfflineCall(), HeldState.OFFLINE_PENDING, "", at, at);
        return new ResourceStep(
                next,
                List.of(
                        new DisarmAll(),
                        new SaveRecord(),
                        new Report(),
                        new Effect.CallOffline(state.epoch(), reason)));
    }

    /// The same of a resource that fails by what no repetition mends, or may.
    Scene lasting(boolean lasts) {
        return new Scene(state.under(state.conditions().lasting(lasts)), settings, at);
    }

    ResourceStep online(String detail) {
        var next = state.entering(new Phase.Online(), HeldState.ONLINE, detail, at, at);
        if (state.suspicion().raised()) {
            return new ResourceStep(
                    next.in(new Phase.Checking(true, false, new Wish.Nothing())),
                    List.of(new DisarmAll(), new SaveRecord(), new Report(), firstLooksAlive(), new CallIsAlive()));
        }
        return new ResourceStep(
                next,
                List.of(
                        new DisarmAll(),
                        new SaveRecord(),
                        new Report(),
                        firstLooksAlive(),
                        new Arm(Alarm.IS_ALIVE, settings.firstIsAliveMillis())));
    }

    ResourceStep checkNow() {
        return go(new Phase.Checking(true, false, new Wish.Nothing()), new CallIsAlive());
    }

    /// Calls terminate now; `outstanding` tells that another call or a worker has not ended.
    ResourceStep terminate(Goal goal, boolean outstanding) {
        return new ResourceStep(
                state.in(new Phase.Terminating(goal, outstanding, true, false)),
                List.of(new DisarmAll(), new CallTerminate(goal.reason())));
    }

    /// Cancels the worker first and terminates when it has ended.
    ResourceStep drain(Goal goal) {
        return new ResourceStep(
                state.in(new Phase.Draining(goal)),
                List.of(new DisarmAll(), new Effect.CancelWork(), new Arm(Alarm.CANCEL, CANCEL_GRACE_MILLIS)));
    }

    ResourceStep finish(Goal goal) {
        return switch (goal.end()) {
            case OFFLINE -> rested(new Phase.Offline(), HeldState.OFFLINE, goal.detail(), goal.seenAt());
            case FAILED ->
                new Scene(state.failedInAttempt(), settings, at)
                        .rested(new Phase.Failed(true), HeldState.FAILED, goal.detail(), goal.seenAt());
            case CLOSED -> close();
        };
    }

    ResourceStep close() {
        return go(new Phase.Closing(false, Phase.Rest.OFFLINE, new Wish.Nothing()), new Effect.CallClose());
    }

    /// Offline or failed is reached: the record goes, and newer settings take effect.
    ResourceStep rested(Phase phase, HeldState held, String detail, long seenAt) {
        var next = state.suspecting(Suspicion.NONE)
                .under(state.conditions().ignoredFailure(""))
                .entering(phase, held, detail, seenAt, at);
        if (!state.stale()) {
            return new ResourceStep(next, List.of(new DisarmAll(), new DropRecord(), new Report()));
        }
        var rest = held == HeldState.FAILED ? Phase.Rest.FAILED : Phase.Rest.OFFLINE;
        return new ResourceStep(
                next.in(new Phase.Closing(true, rest, new Wish.Nothing())),
                List.of(new DisarmAll(), new DropRecord(), new Report(), new Effect.CallClose()));
    }

    Goal failure(String detail) {
        return new Goal(End.FAILED, Reason.FAILURE, detail, at);
    }

    Goal stop(Reason reason) {
        return new Goal(End.OFFLINE, reason, "", at);
    }

    Goal forget(Reason reason) {
        return new Goal(End.CLOSED, reason, "", at);
    }

    Arm nextLooksAlive() {
        return new Arm(Alarm.LOOKS_ALIVE, settings.looksAliveMillis());
    }

    Arm nextIsAlive() {
        return new Arm(Alarm.IS_ALIVE, settings.isAliveMillis());
    }

    Arm pendingTimeout() {
        return new Arm(Alarm.PENDING, settings.pendingTimeoutMillis());
    }

    private Arm firstLooksAlive() {
        return new Arm(Alarm.LOOKS_ALIVE, settings.firstLooksAliveMillis());
    }
}
