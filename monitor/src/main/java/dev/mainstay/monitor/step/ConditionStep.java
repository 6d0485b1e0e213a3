package dev.mainstay.monitor.step;

import dev.mainstay.monitor.step.Effect.Report;
import dev.mainstay.monitor.step.Phase.*;
import dev.mainstay.monitor.step.ResourceEvent.ConditionSignalled;
import dev.mainstay.monitor.step.ResourceEvent.Described;
import dev.mainstay.protocol.HeldResource.Conditions;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

/// What follows from conditions: what else holds of a resource, whatever its state.
final class ConditionStep {
    private ConditionStep() {}

    /// A failure that is not one of the resource itself: it stays online, and a policy decides.
    static ResourceStep signalled(Scene scene, ConditionSignalled signalled) {
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
