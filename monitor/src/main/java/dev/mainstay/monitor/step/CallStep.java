package dev.mainstay.monitor.step;

import dev.mainstay.monitor.step.Effect.CallOpen;
import dev.mainstay.monitor.step.Effect.CallTerminate;
import dev.mainstay.monitor.step.Effect.Report;
import dev.mainstay.monitor.step.Phase.*;
import dev.mainstay.monitor.step.ResourceEvent.CheckpointChanged;
import dev.mainstay.monitor.step.ResourceEvent.OfflineReturned;
import dev.mainstay.monitor.step.ResourceEvent.OfflineThrew;
import dev.mainstay.monitor.step.ResourceEvent.OnlineReturned;
import dev.mainstay.monitor.step.ResourceEvent.OnlineThrew;
import dev.mainstay.monitor.step.ResourceEvent.OpenThrew;
import dev.mainstay.monitor.step.ResourceEvent.WorkFailed;
import dev.mainstay.protocol.HeldResource.Conditions;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.spi.Outcome;
import dev.mainstay.spi.Reason;
import java.util.List;

/// What follows when entry points and workers end or take too long.
final class CallStep {
    private CallStep() {}

    static ResourceStep opened(Scene scene, ResourceEvent event) {
        if (!(scene.state().phase() instanceof Opening(var rest, var leftover, var wish))) {
            return scene.unexpected(event);
        }
        return switch (wish) {
            case Wish.BeClosed(var reason) ->
                leftover == Leftover.NOTHING ? scene.close() : scene.terminate(scene.forget(reason), false);
            case Wish.BeOffline(var reason) ->
                leftover == Leftover.NOTHING ? settled(scene, rest) : scene.terminate(scene.stop(reason), false);
            case Wish.Nothing _ -> withLeftover(scene, rest, leftover);
            case Wish.BeOnline order ->
                leftover == Leftover.NOTHING ? scene.startOnline(order) : withLeftover(scene, rest, leftover);
        };
    }

    private static ResourceStep withLeftover(Scene scene, Rest rest, Leftover leftover) {
        return switch (leftover) {
            case NOTHING -> settled(scene, rest);
            case RUNNING -> scene.go(new Confirming(), new Effect.CallIsAlive());
            case STARTING ->
                scene.terminate(
                        scene.failure("the monitor before this one died while the resource was coming online"), false);
            // Not for a resource in maintenance: somebody may have started it by hand since.
            case REBOOTED ->
                scene.state().maintenance()
                        ? scene.go(new Confirming(), new Effect.CallIsAlive())
                        : scene.terminate(
                                scene.stop(Reason.FAILURE).saying("offline by the reboot of its node"), false);
            case STOPPING, UNREADABLE -> scene.terminate(scene.stop(Reason.FAILURE), false);
            case CONDEMNED -> scene.terminate(scene.failure(scene.state().detail()), false);
        };
    }

    private static ResourceStep settled(Scene scene, Rest rest) {
        var state = scene.state();
        return switch (rest) {
            case NEW, OFFLINE -> scene.rested(new Offline(), HeldState.OFFLINE, state.detail(), state.seenAt());
            case FAILED -> scene.rested(new Failed(true), HeldState.FAILED, state.detail(), state.seenAt());
        };
    }

    static ResourceStep openThrew(Scene scene, OpenThrew threw) {
        if (!(scene.state().phase() instanceof Opening(var _, var _, var wish))) {
            return scene.unexpected(threw);
        }
        if (wish instanceof Wish.BeClosed) {
            return forgotten(scene);
        }
        var state = wish instanceof Wish.BeOnline(var epoch, var attempt, var _)
                ? scene.state().ordered(epoch, attempt)
                : scene.state();
        var next = state.failedInAttempt()
                .stale(false)
                .under(Conditions.NONE.lasting(threw.lasting()))
                .entering(new Failed(false), HeldState.FAILED, threw.error(), scene.at(), scene.at());
        // Whoever called open has ended what was left over: there is nothing to recover at the next one.
        return new ResourceStep(next, List.of(new Effect.DropRecord(), new Report()));
    }

    /// The state stays; whoever asks for it learns why. Of what is condemned the reason for that is kept.
    static ResourceStep stillThere(Scene scene, String trouble) {
        var state = scene.state();
        boolean concerned = state.phase() instanceof Terminating
                || (state.phase() instanceof Opening(var _, var leftover, var _) && leftover != Leftover.CONDEMNED);
        return !concerned || state.detail().equals(trouble)
                ? scene.stay()
                : new ResourceStep(state.explained(trouble, scene.at()), List.of(new Report()));
    }

    static ResourceStep forgotten(Scene scene) {
        var next = scene.state().entering(new Closed(), HeldState.OFFLINE, "", scene.at(), scene.at());
        return new ResourceStep(
                next, List.of(new Effect.DisarmAll(), new Effect.DropRecord(), new Effect.ReportClosed()));
    }

    static ResourceStep closeReturned(Scene scene, ResourceEvent event) {
        if (!(scene.state().phase() instanceof Closing(var reopen, var rest, var wish))) {
            return scene.unexpected(event);
        }
        if (!reopen) {
            return forgotten(scene);
        }
        return new ResourceStep(
                scene.state().stale(false).under(Conditions.NONE).in(new Opening(rest, Leftover.NOTHING, wish)),
                List.of(new CallOpen()));
    }

    static ResourceStep onlineReturned(Scene scene, OnlineReturned returned) {
        return switch (scene.state().phase()) {
            case OnlineCall _ ->
                switch (returned.outcome()) {
                    case DONE -> scene.online("");
                    case PENDING -> scene.go(new OnlinePending(), scene.pendingTimeout(), new Effect.StartWork());
                };
            case Terminating _ -> overlappedEnded(scene, returned);
            case Opening _,
                    Confirming _,
                    Offline _,
                    OnlinePending _,
                    Online _,
                    Checking _,
                    OfflineCall _,
                    OfflinePending _,
                    Draining _,
                    Failed _,
                    Closing _,
                    Closed _ -> scene.unexpected(returned);
        };
    }

    static ResourceStep onlineThrew(Scene scene, OnlineThrew threw) {
        return switch (scene.state().phase()) {
            case OnlineCall _ -> scene.lasting(threw.lasting()).terminate(scene.failure(threw.error()), false);
            case Terminating _ -> overlappedEnded(scene, threw);
            case Opening _,
                    Confirming _,
                    Offline _,
                    OnlinePending _,
                    Online _,
                    Checking _,
                    OfflineCall _,
                    OfflinePending _,
                    Draining _,
                    Failed _,
                    Closing _,
                    Closed _ -> scene.unexpected(threw);
        };
    }

    static ResourceStep offlineReturned(Scene scene, OfflineReturned returned) {
        return switch (scene.state().phase()) {
            case OfflineCall _ ->
                returned.outcome() == Outcome.DONE
                        ? scene.rested(new Offline(), HeldState.OFFLINE, "", scene.at())
                        : scene.go(new OfflinePending(), scene.pendingTimeout(), new Effect.StartWork());
            case Terminating _ -> overlappedEnded(scene, returned);
            case Opening _,
                    Confirming _,
                    Offline _,
                    OnlineCall _,
                    OnlinePending _,
                    Online _,
                    Checking _,
                    OfflinePending _,
                    Draining _,
                    Failed _,
                    Closing _,
                    Closed _ -> scene.unexpected(returned);
        };
    }

    static ResourceStep offlineThrew(Scene scene, OfflineThrew threw) {
        return switch (scene.state().phase()) {
            case OfflineCall _ -> scene.terminate(unclean(scene, threw.error()), false);
            case Terminating _ -> overlappedEnded(scene, threw);
            case Opening _,
                    Confirming _,
                    Offline _,
                    OnlineCall _,
                    OnlinePending _,
                    Online _,
                    Checking _,
                    OfflinePending _,
                    Draining _,
                    Failed _,
                    Closing _,
                    Closed _ -> scene.unexpected(threw);
        };
    }

    static ResourceStep workEnded(Scene scene, ResourceEvent event) {
        return switch (scene.state().phase()) {
            case OnlinePending _ -> scene.online("");
            case OfflinePending _ -> scene.rested(new Offline(), HeldState.OFFLINE, "", scene.at());
            case Draining(var goal) -> scene.terminate(goal, false);
            case Terminating _ -> overlappedEnded(scene, event);
            case Opening _,
                    Confirming _,
                    Offline _,
                    OnlineCall _,
                    Online _,
                    Checking _,
                    OfflineCall _,
                    Failed _,
                    Closing _,
                    Closed _ -> scene.unexpected(event);
        };
    }

    static ResourceStep workFailed(Scene scene, WorkFailed failed) {
        return switch (scene.state().phase()) {
            case OnlinePending _ -> scene.lasting(failed.lasting()).terminate(scene.failure(failed.error()), false);
            case OfflinePending _ -> scene.terminate(unclean(scene, failed.error()), false);
            case Draining(var goal) -> scene.terminate(goal, false);
            case Terminating _ -> overlappedEnded(scene, failed);
            case Opening _,
                    Confirming _,
                    Offline _,
                    OnlineCall _,
                    Online _,
                    Checking _,
                    OfflineCall _,
                    Failed _,
                    Closing _,
                    Closed _ -> scene.unexpected(failed);
        };
    }

    static ResourceStep checkpoint(Scene scene, CheckpointChanged changed) {
        return switch (scene.state().phase()) {
            case OnlinePending _, OfflinePending _ ->
                changed.step().equals(scene.state().checkpoint())
                        ? scene.stay()
                        : new ResourceStep(
                                scene.state().at(changed.step(), scene.at()),
                                List.of(scene.pendingTimeout(), new Effect.ReportSoon()));
            case Opening _,
                    Confirming _,
                    Offline _,
                    OnlineCall _,
                    Online _,
                    Checking _,
                    OfflineCall _,
                    Draining _,
                    Terminating _,
                    Failed _,
                    Closing _,
                    Closed _ -> scene.stay();
        };
    }

    static ResourceStep pendingTimedOut(Scene scene) {
        var state = scene.state();
        var words = "no new checkpoint for %d ms%s"
                .formatted(
                        scene.settings().pendingTimeoutMillis(),
                        state.checkpoint().isEmpty() ? "" : " after '%s'".formatted(state.checkpoint()));
        return switch (state.phase()) {
            case OnlinePending _ -> scene.drain(scene.failure("coming online took too long: " + words));
            case OfflinePending _ -> scene.drain(unclean(scene, words));
            case Opening _,
                    Confirming _,
                    Offline _,
                    OnlineCall _,
                    Online _,
                    Checking _,
                    OfflineCall _,
                    Draining _,
                    Terminating _,
                    Failed _,
                    Closing _,
                    Closed _ -> scene.stay();
        };
    }

    /// The worker does not react to its interrupt: terminate now, and once more when it has ended.
    static ResourceStep cancelTimedOut(Scene scene) {
        return switch (scene.state().phase()) {
            case Draining(var goal) -> scene.terminate(goal, true);
            case Opening _,
                    Confirming _,
                    Offline _,
                    OnlineCall _,
                    OnlinePending _,
                    Online _,
                    Checking _,
                    OfflineCall _,
                    OfflinePending _,
                    Terminating _,
                    Failed _,
                    Closing _,
                    Closed _ -> scene.stay();
        };
    }

    static ResourceStep terminateReturned(Scene scene, ResourceEvent event) {
        if (!(scene.state().phase() instanceof Terminating(var goal, var outstanding, var running, var again))
                || !running) {
            return scene.unexpected(event);
        }
        if (outstanding) {
            return scene.go(new Terminating(goal, true, false, false));
        }
        return again
                ? scene.go(new Terminating(goal, false, true, false), new CallTerminate(goal.reason()))
                : scene.finish(goal);
    }

    /// What terminate overlapped has ended: whatever it still started is terminated as well.
    static ResourceStep overlappedEnded(Scene scene, ResourceEvent event) {
        if (!(scene.state().phase() instanceof Terminating(var goal, var outstanding, var running, var _))
                || !outstanding) {
            return scene.unexpected(event);
        }
        return running
                ? scene.go(new Terminating(goal, false, true, true))
                : scene.go(new Terminating(goal, false, true, false), new CallTerminate(goal.reason()));
    }

    /// Ended without its clean way: offline all the same, and the report says so.
    private static Goal unclean(Scene scene, String why) {
        return new Goal(
                End.OFFLINE, Reason.FAILURE, "terminated, because going offline cleanly failed: " + why, scene.at());
    }
}
