package dev.mainstay.core.decision;

import dev.mainstay.core.state.ClusterState;
import java.time.Instant;

/// Decides commands: the one entrance to every policy.
public final class Decider {
    private Decider() {}

    /// What follows from a command in a state.
    ///
    /// @param now cluster time: never before the state's
    public static Decision decide(ClusterState state, Command command, Instant now) {
        return switch (command) {
            case Command.StartNode start -> NodePolicy.start(state, start, now);
            case Command.StopNode stop -> NodePolicy.stop(state, stop);
            case Command.LeaveNode leave -> NodePolicy.leave(state, leave);
            case Command.StopCluster _ -> NodePolicy.stopCluster(state);
            case Command.RegisterTypes register -> ConfigurationPolicy.register(state, register);
            case Command.Configure configure -> ConfigurationPolicy.configure(state, configure);
            case Command.OnlineGroup online -> TargetPolicy.online(state, online);
            case Command.OfflineGroup offline -> TargetPolicy.offline(state, offline);
            case Command.RestartGroup restart -> TargetPolicy.restart(state, restart);
            case Command.MoveGroup move -> MovePolicy.move(state, move);
            case Command.OnlineResource online -> TargetPolicy.online(state, online);
            case Command.OfflineResource offline -> TargetPolicy.offline(state, offline);
            case Command.RestartResource restart -> TargetPolicy.restart(state, restart);
            case Command.ResetResource reset -> ResetPolicy.reset(state, reset);
            case Command.ResetGroup reset -> ResetPolicy.reset(state, reset, now);
            case Command.Maintain maintain -> MaintenancePolicy.maintain(state, maintain, now);
            case Command.FailResource fail -> TargetPolicy.fail(state, fail.resource());
            case Command.ReportResources report -> ReportPolicy.report(state, report, now);
            case Command.PassDeadline _ -> RecoveryPolicy.passDeadlines(state, now);
        };
    }
}
