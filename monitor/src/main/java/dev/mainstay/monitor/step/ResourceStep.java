package dev.mainstay.monitor.step;

import dev.mainstay.monitor.step.ResourceEvent.*;
import java.util.List;

/// One step of a resource: its next state, and what the host must do, in this order.
///
/// The whole table of phases and events is generated into `docs/resource-states.md`.
///
/// **Source:** the order of entry points and the rule that only terminate may overlap them: ADR 0004.
public record ResourceStep(ResourceState next, List<Effect> effects) {
    /// Copies the list.
    public ResourceStep {
        effects = List.copyOf(effects);
    }

    /// What follows from `event`.
    ///
    /// @param at the time of the event in microseconds since 1970
    public static ResourceStep of(ResourceState state, ResourceEvent event, StepSettings settings, long at) {
        var scene = new Scene(state, settings, at);
        return switch (event) {
            case OnlineOrdered order -> OrderStep.online(scene, order);
            case OfflineOrdered order -> OrderStep.offline(scene, order);
            case StopOrdered order -> OrderStep.stop(scene, order.reason());
            case FailOrdered order -> OrderStep.fail(scene, order);
            case CloseOrdered order -> OrderStep.close(scene, order.reason());
            case SettingsChanged _ -> OrderStep.settingsChanged(scene);
            case SettingsAnswered answered -> OrderStep.settingsAnswered(scene, answered);
            case Opened _ -> CallStep.opened(scene, event);
            case OpenThrew threw -> CallStep.openThrew(scene, threw);
            case StillThere(var trouble) -> CallStep.stillThere(scene, trouble);
            case OnlineReturned returned -> CallStep.onlineReturned(scene, returned);
            case OnlineThrew threw -> CallStep.onlineThrew(scene, threw);
            case OfflineReturned returned -> CallStep.offlineReturned(scene, returned);
            case OfflineThrew threw -> CallStep.offlineThrew(scene, threw);
            case WorkEnded _ -> CallStep.workEnded(scene, event);
            case WorkFailed failed -> CallStep.workFailed(scene, failed);
            case CheckpointChanged changed -> CallStep.checkpoint(scene, changed);
            case TerminateReturned _ -> CallStep.terminateReturned(scene, event);
            case CloseReturned _ -> CallStep.closeReturned(scene, event);
            case LooksAliveAnswered answer -> CheckStep.looksAliveAnswered(scene, answer);
            case IsAliveAnswered answer -> CheckStep.isAliveAnswered(scene, answer);
            case Suspected suspected -> CheckStep.suspected(scene, suspected);
            case ConditionSignalled signalled -> ConditionStep.signalled(scene, signalled);
            case Described described -> ConditionStep.described(scene, described);
            case MaintenanceChanged(var on) -> ConditionStep.maintenanceChanged(scene, on);
            case LooksAliveDue _ -> CheckStep.looksAliveDue(scene);
            case IsAliveDue _ -> CheckStep.isAliveDue(scene);
            case RecheckDue _ -> CheckStep.isAliveDue(scene);
            case PendingTimedOut _ -> CallStep.pendingTimedOut(scene);
            case CancelTimedOut _ -> CallStep.cancelTimedOut(scene);
        };
    }
}
