package dev.mainstay.monitor.step;

import dev.mainstay.monitor.step.Effect.Report;
import dev.mainstay.monitor.step.Phase.*;
import dev.mainstay.monitor.step.ResourceEvent.ConditionSignalled;
import dev.mainstay.monitor.step.ResourceEvent.Described;
import dev.mainstay.protocol.HeldResource.Conditions;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.spi.FailureKind;
import dev.mainstay.spi.Reason;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

/// What follows from conditions: what else holds of a resource, whatever its state.
final class ConditionStep {
    private static final String THEN = "; then ";

    private ConditionStep() {}

    /// A failure that is not one of the resource itself: it stays online, and a policy decides.
    static ResourceStep signalled(Scene scene, ConditionSignalled signalled) {
        if (signalled.kind() == FailureKind.FOREIGN_START) {
            return startedByOthers(scene, signalled.evidence());
        }
        var conditions = scene.state().conditions();
        return switch (scene.state().phase()) {
            case Online _, Checking _ -> {
                if (scene.state().maintenance()) {
                    yield ignored(scene, signalled.evidence());
                }
                yield told(
                        scene,
                        switch (signalled.kind()) {
                            case EMBEDDED -> conditions.embeddedFailure(signalled.evidence());
                            case NETWORK_LOSS -> conditions.networkLoss(signalled.evidence());
                            case GENERAL -> throw new IllegalArgumentException("a general failure is a suspicion");
                            case FOREIGN_START ->
                                throw new IllegalArgumentException("a start by others has been treated");
                        });
            }
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

    /// What is at rest runs all the same: it is terminated, and not at rest until then, so that no other node
    /// starts it meanwhile.
    private static ResourceStep startedByOthers(Scene scene, String evidence) {
        var state = scene.state();
        return switch (state.phase()) {
            case Offline _ ->
                state.maintenance() ? ignored(scene, evidence) : endForeign(scene, Phase.End.OFFLINE, evidence);
            case Failed(var open) -> {
                if (!open) {
                    yield scene.stay();
                }
                yield state.maintenance() ? ignored(scene, evidence) : endForeign(scene, Phase.End.FAILED, evidence);
            }
            // Found while it is opened, which ends it: the next report says so.
            case Opening(var rest, var leftover, var wish) ->
                leftover == Leftover.NOTHING
                        ? new ResourceStep(state.because(after(state.detail(), evidence)), List.of())
                        : scene.stay();
            case Confirming _,
                    OnlineCall _,
                    OnlinePending _,
                    Online _,
                    Checking _,
                    OfflineCall _,
                    OfflinePending _,
                    Draining _,
                    Terminating _,
                    Closing _,
                    Closed _ -> scene.stay();
        };
    }

    private static ResourceStep endForeign(Scene scene, Phase.End end, String evidence) {
        var state = scene.state();
        var words = "somebody else started it, so it was terminated: " + evidence;
        var failed = end == Phase.End.FAILED;
        var goal = new Phase.Goal(
                end,
                Reason.FAILURE,
                failed ? after(state.detail(), words) : words,
                failed ? state.seenAt() : scene.at());
        var next = state.entering(
                new Terminating(goal, false, true, false), HeldState.OFFLINE_PENDING, evidence, scene.at(), scene.at());
        return new ResourceStep(
                next,
                List.of(
                        new Report(),
                        new Effect.Log(Level.WARNING, "somebody else started it, so it is terminated: " + evidence),
                        new Effect.CallTerminate(Reason.FAILURE)));
    }

    /// The failure stays in sight; of what others did the last one counts.
    private static String after(String earlier, String words) {
        var failure = earlier.contains(THEN) ? earlier.substring(0, earlier.indexOf(THEN)) : earlier;
        return failure.isEmpty() || failure.equals(words) ? words : failure + THEN + words;
    }

    /// What an instance says of its resource is forgotten with it.
    static ResourceStep described(Scene scene, Described described) {
        var before = scene.state().conditions();
        var after = before.saying(described.locked(), described.published());
        return switch (scene.state().phase()) {
            case Closing _, Closed _ -> scene.stay();
            case Failed(var open) when !open -> scene.stay();
            case Opening _,
                    Confirming _,
                    Offline _,
                    OnlineCall _,
                    OnlinePending _,
                    Online _,
                    Checking _,
                    OfflineCall _,
                    OfflinePending _,
                    Draining _,
                    Terminating _,
                    Failed _ -> {
                if (after.equals(before)) {
                    yield scene.stay();
                }
                var effect = after.locked().equals(before.locked()) ? new Effect.ReportSoon() : new Report();
                yield new ResourceStep(scene.state().under(after).counted(scene.at()), List.of(effect));
            }
        };
    }

    /// Maintenance takes effect at once. After it, what was ignored is looked at again: the resource may have
    /// ended meanwhile.
    static ResourceStep maintenanceChanged(Scene scene, boolean on) {
        var state = scene.state().inMaintenance(on);
        var ignored = state.conditions().ignoredFailure();
        if (on || ignored.isEmpty()) {
            return new ResourceStep(state, List.of());
        }
        var known = state.under(state.conditions().ignoredFailure(""))
                .suspecting(state.suspicion().seen(ignored, scene.at()))
                .counted(scene.at());
        var check = CheckStep.confirm(
                new Scene(known, scene.settings(), scene.at()),
                new ResourceStep(known.suspecting(Suspicion.NONE), List.of()));
        var effects = new ArrayList<Effect>(List.of(new Report()));
        effects.addAll(check.effects());
        return new ResourceStep(check.next(), effects);
    }

    /// Notes a failure instead of treating it.
    static ResourceStep ignored(Scene scene, String evidence) {
        var conditions = scene.state().conditions();
        if (conditions.ignoredFailure().equals(evidence)) {
            return scene.stay();
        }
        var noted = told(scene, conditions.ignoredFailure(evidence));
        var effects = new ArrayList<>(noted.effects());
        effects.add(new Effect.Log(Level.WARNING, "in maintenance, so this failure is only noted: " + evidence));
        return new ResourceStep(noted.next(), effects);
    }

    private static ResourceStep told(Scene scene, Conditions conditions) {
        return conditions.equals(scene.state().conditions())
                ? scene.stay()
                : new ResourceStep(scene.state().under(conditions).counted(scene.at()), List.of(new Report()));
    }
}
