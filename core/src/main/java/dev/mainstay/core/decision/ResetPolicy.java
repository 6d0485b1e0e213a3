package dev.mainstay.core.decision;

import dev.mainstay.core.event.Event;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Reason;
import dev.mainstay.core.state.Reason.Rule;
import dev.mainstay.core.state.Recovery;
import dev.mainstay.core.state.Resource;
import java.time.Instant;
import java.util.List;

/// Failures that an operator wants forgotten, because what caused them is mended.
///
/// Without it a resource that is online again keeps its restarts for the restart period, and a group its failovers
/// and the nodes it leaves out for the failover period: the next failure would be judged by what is mended.
final class ResetPolicy {
    private ResetPolicy() {}

    static Decision reset(ClusterState state, Command.ResetResource reset) {
        var found = state.resource(reset.resource());
        if (found.isEmpty()) {
            return Refusals.noSuchResource(state, reset.resource());
        }
        var draft = new Draft(state);
        reset(draft, found.get());
        return draft.accepted();
    }

    static Decision reset(ClusterState state, Command.ResetGroup reset, Instant now) {
        var id = reset.group();
        var found = state.group(id);
        if (found.isEmpty()) {
            return Refusals.noSuchGroup(state, id);
        }
        var draft = new Draft(state);
        var status = found.get().status();
        if (!status.failovers().isEmpty() || !status.networkLosses().isEmpty()) {
            draft.add(new Event.FailoversForgotten(
                    id,
                    new Reason(Rule.REQUESTED, "an operator had the failovers of group %s forgotten".formatted(id))));
        }
        for (var resource : state.resourcesOf(id)) {
            reset(draft, resource);
        }
        ConditionPolicy.reconsider(draft, id, now);
        return draft.accepted();
    }

    /// What was given up gets its next attempt, as after each command that says so, in maintenance too.
    private static void reset(Draft draft, Resource resource) {
        var id = resource.settings().id();
        var status = resource.status();
        if (isGivenUp(draft.state(), resource)) {
            draft.add(new Event.AttemptPermitted(
                    id,
                    List.of(),
                    new Reason(
                            Rule.REQUESTED,
                            "an operator had the failures of %s forgotten: it is tried again".formatted(id))));
        } else if (!status.restarts().isEmpty()) {
            draft.add(new Event.RestartsForgotten(
                    id, new Reason(Rule.REQUESTED, "an operator had the failures of %s forgotten".formatted(id))));
        }
    }

    private static boolean isGivenUp(ClusterState state, Resource resource) {
        if (!state.mayRun(resource)) {
            return false;
        }
        return switch (resource.status().recovery()) {
            case Recovery.StayFailed _, Recovery.RetryAt _ -> true;
            case Recovery.None _, Recovery.RestartAt _ -> false;
        };
    }
}
