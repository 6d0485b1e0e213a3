package dev.mainstay.monitor.step;

import dev.mainstay.monitor.step.Effect.Report;
import dev.mainstay.monitor.step.Effect.SaveRecord;
import dev.mainstay.monitor.step.Phase.Checking;
import dev.mainstay.monitor.step.Phase.Closed;
import dev.mainstay.monitor.step.Phase.Closing;
import dev.mainstay.monitor.step.Phase.Confirming;
import dev.mainstay.monitor.step.Phase.Draining;
import dev.mainstay.monitor.step.Phase.Failed;
import dev.mainstay.monitor.step.Phase.Goal;
import dev.mainstay.monitor.step.Phase.Leftover;
import dev.mainstay.monitor.step.Phase.Offline;
import dev.mainstay.monitor.step.Phase.OfflineCall;
import dev.mainstay.monitor.step.Phase.OfflinePending;
import dev.mainstay.monitor.step.Phase.Online;
import dev.mainstay.monitor.step.Phase.OnlineCall;
import dev.mainstay.monitor.step.Phase.OnlinePending;
import dev.mainstay.monitor.step.Phase.Opening;
import dev.mainstay.monitor.step.Phase.Rest;
import dev.mainstay.monitor.step.Phase.Terminating;
import dev.mainstay.monitor.step.Phase.Wish;
import dev.mainstay.monitor.step.ResourceEvent.FailOrdered;
import dev.mainstay.monitor.step.ResourceEvent.OfflineOrdered;
import dev.mainstay.monitor.step.ResourceEvent.OnlineOrdered;
import dev.mainstay.monitor.step.ResourceEvent.SettingsAnswered;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.spi.Reason;
import java.lang.System.Logger.Level;
import java.util.List;

/// What follows from orders. Orders are level-triggered: one that cannot be followed now is sent again.
final class OrderStep {
    private OrderStep() {}

    static ResourceStep online(Scene scene, OnlineOrdered order) {
        var state = scene.state();
        if (order.epoch() < state.epoch()) {
            return tooOld(scene, "online", order.epoch());
        }
        var wish = new Wish.BeOnline(order.epoch(), order.attempt(), order.reason());
        return switch (state.phase()) {
            case Opening(var rest, var leftover, var before) ->
                leftover == Leftover.NOTHING
                                && !(before instanceof Wish.BeClosed)
                                && order.attempt() > state.failedAttempt()
                        ? scene.go(new Opening(rest, leftover, wish))
                        : scene.stay();
            case Closing(var reopen, var rest, var _) ->
                reopen && order.attempt() > state.failedAttempt()
                        ? scene.go(new Closing(true, rest, wish))
                        : scene.stay();
            case Offline _ -> order.attempt() > state.failedAttempt() ? scene.startOnline(wish) : scene.stay();
            case Failed(var open) -> {
                if (order.attempt() <= state.failedAttempt()) {
                    yield scene.stay();
                }
                yield open
                        ? scene.startOnline(wish)
                        : scene.go(new Opening(Rest.FAILED, Leftover.NOTHING, wish), new Effect.CallOpen());
            }
            case Online _, Checking _, OnlineCall _, OnlinePending _ -> noted(scene, order);
            case Confirming _, OfflineCall _, OfflinePending _, Draining _, Terminating _, Closed _ -> scene.stay();
        };
    }

    /// A newer order for what is online or coming online is taken as the reason for being so.
    private static ResourceStep noted(Scene scene, OnlineOrdered order) {
        var state = scene.state();
        long attempt = Math.max(order.attempt(), state.attempt());
        if (order.epoch() == state.epoch() && attempt == state.attempt()) {
            return scene.stay();
        }
        return new ResourceStep(
                state.ordered(order.epoch(), attempt).counted(scene.at()), List.of(new SaveRecord(), new Report()));
    }

    static ResourceStep offline(Scene scene, OfflineOrdered order) {
        var state = scene.state();
        if (order.epoch() < state.epoch()) {
            return tooOld(scene, "offline", order.epoch());
        }
        var aware = new Scene(state.ordered(order.epoch(), state.attempt()), scene.settings(), scene.at());
        var step = stop(aware, order.reason());
        var restsAlready = step.next().phase().equals(state.phase())
                && (state.phase() instanceof Offline || state.phase() instanceof Failed);
        // A group leaves its owner only when each of its resources has told of its rest in the epoch of the move.
        return restsAlready && order.epoch() > state.epoch()
                ? new ResourceStep(step.next().counted(scene.at()), List.of(new Report()))
                : step;
    }

    static ResourceStep stop(Scene scene, Reason reason) {
        var wish = new Wish.BeOffline(reason);
        return switch (scene.state().phase()) {
            case Opening(var rest, var leftover, var before) ->
                before instanceof Wish.BeClosed ? scene.stay() : scene.go(new Opening(rest, leftover, wish));
            case Closing(var reopen, var rest, var _) -> scene.go(new Closing(reopen, rest, new Wish.Nothing()));
            case Confirming _, OnlineCall _ -> scene.terminate(scene.stop(reason), true);
            case OnlinePending _ -> scene.drain(scene.stop(reason));
            case Online _ -> scene.startOffline(reason);
            case Checking(var thorough, var _, var before) ->
                before instanceof Wish.Nothing ? scene.go(new Checking(thorough, false, wish)) : scene.stay();
            case Failed _ -> restOffline(scene);
            case Offline _, OfflineCall _, OfflinePending _, Draining _, Terminating _, Closed _ -> scene.stay();
        };
    }

    /// Nothing of a failed resource runs: offline is only another word for it, asked for by an operator. The
    /// failure
    /// is settled by that, so the attempt may be taken once more when the operator asks for it.
    private static ResourceStep restOffline(Scene scene) {
        var state = scene.state();
        boolean open = !(state.phase() instanceof Failed(var instance)) || instance;
        if (!open && state.held() == HeldState.OFFLINE) {
            return scene.stay();
        }
        // What could not be opened is opened by the next order to come online.
        var phase = open ? new Offline() : state.phase();
        return new ResourceStep(
                state.settled().entering(phase, HeldState.OFFLINE, state.detail(), state.seenAt(), scene.at()),
                List.of(new Report()));
    }

    static ResourceStep fail(Scene scene, FailOrdered order) {
        var goal = scene.failure(order.evidence());
        return switch (scene.state().phase()) {
            case Confirming _, OnlineCall _, Checking _ -> scene.terminate(goal, true);
            case OnlinePending _ -> scene.drain(goal);
            case Online _ -> scene.terminate(goal, false);
            case Opening _,
                    Offline _,
                    OfflineCall _,
                    OfflinePending _,
                    Draining _,
                    Terminating _,
                    Failed _,
                    Closing _,
                    Closed _ ->
                scene.stay(new Effect.Log(
                        Level.INFO,
                        "asked to fail the resource: it is %s, only what is online can fail. Nothing is done."
                                .formatted(scene.state().held())));
        };
    }

    static ResourceStep close(Scene scene, Reason reason) {
        var goal = scene.forget(reason);
        return switch (scene.state().phase()) {
            case Opening(var rest, var leftover, var _) ->
                scene.go(new Opening(rest, leftover, new Wish.BeClosed(reason)));
            case Closing _ -> scene.go(new Closing(false, Rest.OFFLINE, new Wish.Nothing()));
            case Offline _ -> scene.close();
            case Failed(var open) -> open ? scene.close() : CallStep.forgotten(scene);
            case Confirming _, OnlineCall _, Checking _, OfflineCall _ -> scene.terminate(goal, true);
            case OnlinePending _, OfflinePending _ -> scene.drain(goal);
            case Online _ -> scene.terminate(goal, false);
            case Draining _ -> scene.go(new Draining(goal));
            case Terminating(Goal _, var outstanding, var running, var again) ->
                scene.go(new Terminating(goal, outstanding, running, again));
            case Closed _ -> scene.stay();
        };
    }

    static ResourceStep settingsChanged(Scene scene) {
        return switch (scene.state().phase()) {
            case Offline _ -> reopen(scene, Rest.OFFLINE);
            case Failed(var open) ->
                open
                        ? reopen(scene, Rest.FAILED)
                        : scene.go(
                                new Opening(Rest.FAILED, Leftover.NOTHING, new Wish.Nothing()), new Effect.CallOpen());
            case Opening _,
                    Confirming _,
                    OnlineCall _,
                    OnlinePending _,
                    Online _,
                    Checking _,
                    OfflineCall _,
                    OfflinePending _,
                    Draining _,
                    Terminating _,
                    Closing _ -> new ResourceStep(scene.state().stale(true), List.of());
            case Closed _ -> scene.stay();
        };
    }

    /// The revision that is reported has changed, and with it what an adopting monitor must know.
    static ResourceStep settingsAnswered(Scene scene, SettingsAnswered answered) {
        if (!answered.refusal().isEmpty()) {
            return scene.stay(new Effect.Log(
                    Level.INFO,
                    "newer settings are not taken over at once: %s They take effect at the next open."
                            .formatted(answered.refusal())));
        }
        var next = scene.state().stale(false).counted(scene.at());
        return switch (scene.state().phase()) {
            case Online _, Checking _ -> new ResourceStep(next, List.of(new SaveRecord(), new Report()));
            case Offline _, Failed _, OfflineCall _, OfflinePending _, Draining _, Terminating _ ->
                new ResourceStep(next, List.of(new Report()));
            case Opening _, Confirming _, OnlineCall _, OnlinePending _, Closing _, Closed _ -> scene.stay();
        };
    }

    private static ResourceStep reopen(Scene scene, Rest rest) {
        return scene.go(new Closing(true, rest, new Wish.Nothing()), new Effect.CallClose());
    }

    private static ResourceStep tooOld(Scene scene, String what, long epoch) {
        return scene.stay(new Effect.Log(
                Level.WARNING,
                "asked to bring the resource %s for epoch %d: epoch %d is known already. The order is refused."
                        .formatted(what, epoch, scene.state().epoch())));
    }
}
