package dev.mainstay.monitor.step;

import dev.mainstay.monitor.step.Effect.Alarm;
import dev.mainstay.monitor.step.Effect.Arm;
import dev.mainstay.monitor.step.Effect.CallIsAlive;
import dev.mainstay.monitor.step.Effect.Report;
import dev.mainstay.monitor.step.Phase.*;
import dev.mainstay.monitor.step.ResourceEvent.IsAliveAnswered;
import dev.mainstay.monitor.step.ResourceEvent.LooksAliveAnswered;
import dev.mainstay.monitor.step.ResourceEvent.Suspected;
import dev.mainstay.spi.Health;
import java.util.List;

/// What follows from checks and failure signals.
final class CheckStep {
    /// How soon an undecided IsAlive is repeated, in milliseconds.
    static final long RECHECK_MILLIS = 1_000;

    /// How many undecided answers in a row are taken for a failure.
    static final int UNDECIDED_MAX = 3;

    /// It is told again to each cluster service that starts while this monitor goes on, and stays true.
    private static final String ADOPTED = "adopted by this monitor";

    private CheckStep() {}

    static ResourceStep looksAliveDue(Scene scene) {
        return switch (scene.state().phase()) {
            case Online _ -> scene.go(new Checking(false, false, new Wish.Nothing()), new Effect.CallLooksAlive());
            case Checking _ -> scene.stay(scene.nextLooksAlive());
            case Opening _,
                    Confirming _,
                    Offline _,
                    OnlineCall _,
                    OnlinePending _,
                    OfflineCall _,
                    OfflinePending _,
                    Draining _,
                    Terminating _,
                    Failed _,
                    Closing _,
                    Closed _ -> scene.stay();
        };
    }

    static ResourceStep isAliveDue(Scene scene) {
        return switch (scene.state().phase()) {
            case Online _ -> scene.checkNow();
            case Checking(var thorough, var _, var wish) ->
                thorough ? scene.stay() : scene.go(new Checking(false, true, wish));
            case Opening _,
                    Confirming _,
                    Offline _,
                    OnlineCall _,
                    OnlinePending _,
                    OfflineCall _,
                    OfflinePending _,
                    Draining _,
                    Terminating _,
                    Failed _,
                    Closing _,
                    Closed _ -> scene.stay();
        };
    }

    static ResourceStep suspected(Scene scene, Suspected suspected) {
        var state = scene.state();
        var suspecting = state.suspecting(state.suspicion().seen(suspected.evidence(), scene.at()));
        return confirm(new Scene(suspecting, scene.settings(), scene.at()), scene.stay());
    }

    /// Has IsAlive confirm what is suspected.
    ///
    /// @param atRest what follows where there is nothing to confirm
    static ResourceStep confirm(Scene suspecting, ResourceStep atRest) {
        return switch (suspecting.state().phase()) {
            case Online _ -> suspecting.checkNow();
            case Checking(var thorough, var _, var wish) -> suspecting.go(new Checking(thorough, true, wish));
            // Not serving yet: the sign is kept, and IsAlive follows as soon as the resource is online.
            case Opening _, Confirming _, OnlineCall _, OnlinePending _ -> suspecting.stay();
            case Offline _, OfflineCall _, OfflinePending _, Draining _, Terminating _, Failed _, Closing _, Closed _ ->
                atRest;
        };
    }

    static ResourceStep looksAliveAnswered(Scene scene, LooksAliveAnswered answer) {
        return switch (scene.state().phase()) {
            case Checking(var thorough, var _, var _) when thorough -> scene.unexpected(answer);
            case Checking(var _, var _, Wish.BeOffline(var reason)) -> scene.startOffline(reason);
            case Checking(var _, var again, var _) ->
                switch (answer.health()) {
                    case Health.Dead(var evidence) -> suspicious(scene, evidence);
                    case Health.Alive _, Health.Undecided _ -> again ? thorough(scene) : lookAgain(scene);
                };
            case Terminating _ -> CallStep.overlappedEnded(scene, answer);
            case Opening _,
                    Confirming _,
                    Offline _,
                    OnlineCall _,
                    OnlinePending _,
                    Online _,
                    OfflineCall _,
                    OfflinePending _,
                    Draining _,
                    Failed _,
                    Closing _,
                    Closed _ -> scene.unexpected(answer);
        };
    }

    private static ResourceStep lookAgain(Scene scene) {
        return scene.go(new Online(), scene.nextLooksAlive());
    }

    private static ResourceStep thorough(Scene scene) {
        return scene.go(new Checking(true, false, new Wish.Nothing()), scene.nextLooksAlive(), new CallIsAlive());
    }

    private static ResourceStep suspicious(Scene scene, String evidence) {
        var state = scene.state();
        return thorough(new Scene(
                state.suspecting(state.suspicion().seen(evidence, scene.at())), scene.settings(), scene.at()));
    }

    static ResourceStep isAliveAnswered(Scene scene, IsAliveAnswered answer) {
        return switch (scene.state().phase()) {
            case Checking(var thorough, var _, var _) when !thorough -> scene.unexpected(answer);
            case Checking(var _, var _, Wish.BeOffline(var reason)) -> scene.startOffline(reason);
            case Checking(var _, var again, var _) -> verdict(scene, answer.health(), again);
            case Confirming _ -> confirmed(scene, answer.health());
            case Terminating _ -> CallStep.overlappedEnded(scene, answer);
            case Opening _,
                    Offline _,
                    OnlineCall _,
                    OnlinePending _,
                    Online _,
                    OfflineCall _,
                    OfflinePending _,
                    Draining _,
                    Failed _,
                    Closing _,
                    Closed _ -> scene.unexpected(answer);
        };
    }

    private static ResourceStep verdict(Scene scene, Health health, boolean again) {
        var state = scene.state();
        return switch (health) {
            case Health.Dead(var evidence) -> failing(scene, evidence);
            case Health.Alive _ -> {
                if (again) {
                    yield scene.checkNow();
                }
                var sound = alive(scene);
                yield new Scene(sound.next(), scene.settings(), scene.at())
                        .go(new Online(), sound.effects(), scene.nextIsAlive());
            }
            case Health.Undecided(var why) -> {
                var suspicion = state.suspicion().stillUndecided();
                if (suspicion.undecided() >= UNDECIDED_MAX) {
                    yield failing(scene, "IsAlive could not tell %d times in a row: %s".formatted(UNDECIDED_MAX, why));
                }
                yield new Scene(state.suspecting(suspicion), scene.settings(), scene.at())
                        .go(new Online(), scene.nextIsAlive(), new Arm(Alarm.RECHECK, RECHECK_MILLIS));
            }
        };
    }

    private static ResourceStep failing(Scene scene, String evidence) {
        var goal = dead(scene, evidence);
        if (!scene.state().maintenance()) {
            return scene.terminate(goal, false);
        }
        var noted = ConditionStep.ignored(scene, goal.detail());
        return new Scene(noted.next().suspecting(Suspicion.NONE), scene.settings(), scene.at())
                .go(new Online(), noted.effects(), scene.nextIsAlive());
    }

    /// Nothing is suspected any more, and nothing ignored.
    private static ResourceStep alive(Scene scene) {
        var state = scene.state().suspecting(Suspicion.NONE);
        return state.conditions().ignoredFailure().isEmpty()
                ? new ResourceStep(state, List.of())
                : new ResourceStep(
                        state.under(state.conditions().ignoredFailure("")).counted(scene.at()), List.of(new Report()));
    }

    /// The first sign gives the time; both signs give the words.
    private static Goal dead(Scene scene, String evidence) {
        var suspicion = scene.state().suspicion();
        var goal = scene.failure(evidence);
        if (!suspicion.raised()) {
            return goal;
        }
        var words = evidence.contains(suspicion.evidence())
                ? evidence
                : "%s; IsAlive: %s".formatted(suspicion.evidence(), evidence);
        return new Goal(goal.end(), goal.reason(), words, suspicion.seenAt());
    }

    private static ResourceStep confirmed(Scene scene, Health health) {
        var state = scene.state();
        return switch (health) {
            case Health.Alive _ ->
                new Scene(state.suspecting(Suspicion.NONE), scene.settings(), scene.at())
                        .online(ADOPTED + ", alive all the time");
            case Health.Undecided(var why) ->
                new Scene(
                                state.suspecting(
                                        Suspicion.NONE.seen(why, scene.at()).stillUndecided()),
                                scene.settings(),
                                scene.at())
                        .online(ADOPTED + ", not yet confirmed: " + why);
            case Health.Dead(var evidence) -> {
                var words = "the monitor before this one died and its resource was not found alive: " + evidence;
                yield state.maintenance()
                        ? new Scene(state.under(state.conditions().ignoredFailure(words)), scene.settings(), scene.at())
                                .online("in maintenance, not found alive")
                        : scene.terminate(scene.failure(words), false);
            }
        };
    }
}
