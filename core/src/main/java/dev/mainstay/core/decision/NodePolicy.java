package dev.mainstay.core.decision;

import dev.mainstay.core.event.Event;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Node;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Reason;
import dev.mainstay.core.state.Reason.Rule;
import dev.mainstay.core.state.Recovery;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceState;
import java.util.List;

/// Nodes that start and stop.
final class NodePolicy {
    private NodePolicy() {}

    static Decision start(ClusterState state, Command.StartNode start) {
        var before = state.node(start.node());
        if (before.isPresent() && before.get().incarnation() >= start.incarnation()) {
            return new Decision.Accepted(List.of());
        }
        var draft = new Draft(state);
        draft.add(new Event.NodeUp(
                start.node(),
                start.incarnation(),
                new Reason(
                        Rule.NODE,
                        "the cluster service of %s started for the %s time"
                                .formatted(start.node(), ordinal(start.incarnation())))));
        if (state.stopping()) {
            draft.add(new Event.ClusterRunning(
                    new Reason(Rule.NODE, "%s started after the cluster was stopped".formatted(start.node()))));
        }
        for (var resource : state.resources().values()) {
            var failedInTheStop = state.stopping() && failedUndecided(resource);
            if (resource.status().maintenance().on()) {
                continue;
            }
            if (failedInTheStop || (isOn(state, resource, start.node()) && waitsForNothing(resource))) {
                draft.add(new Event.AttemptPermitted(
                        resource.settings().id(),
                        resource.status().restarts(),
                        new Reason(
                                Rule.PERSISTENT_STATE,
                                "%s had failed; its node started, so it is tried once more"
                                        .formatted(resource.settings().id()))));
            }
        }
        // A group whose target stopped may have waited for any node.
        state.groups().keySet().forEach(group -> MovePolicy.finish(draft, group));
        return draft.accepted();
    }

    static Decision stop(ClusterState state, Command.StopNode stop) {
        if (state.node(stop.node()).isEmpty()) {
            return Refusals.noSuchNode(state, stop.node());
        }
        var draft = new Draft(state);
        if (state.node(stop.node()).get().state() == Node.State.UP) {
            draft.add(new Event.NodeStopping(
                    stop.node(),
                    new Reason(Rule.NODE, "the cluster service of %s was told to stop".formatted(stop.node()))));
        }
        return draft.accepted();
    }

    static Decision leave(ClusterState state, Command.LeaveNode leave) {
        var node = state.node(leave.node());
        var draft = new Draft(state);
        if (node.isPresent()
                && node.get().incarnation() == leave.incarnation()
                && node.get().state() != Node.State.DOWN) {
            draft.add(new Event.NodeDown(
                    leave.node(),
                    new Reason(Rule.NODE, "%s took everything offline and stopped".formatted(leave.node()))));
            // Nobody else will tell of groups that were just leaving it.
            state.groups().keySet().forEach(group -> MovePolicy.finish(draft, group));
        }
        return draft.accepted();
    }

    static Decision stopCluster(ClusterState state) {
        var draft = new Draft(state);
        if (!state.stopping()) {
            draft.add(new Event.ClusterStopping(new Reason(Rule.REQUESTED, "the cluster was told to stop")));
        }
        return draft.accepted();
    }

    private static boolean isOn(ClusterState state, Resource resource, NodeId node) {
        return state.group(resource.settings().group())
                .filter(group -> group.status().owner().equals(node))
                .isPresent();
    }

    /// Failed, and no deadline will bring it back soon.
    private static boolean waitsForNothing(Resource resource) {
        return switch (resource.status().recovery()) {
            case Recovery.RestartAt _ -> false;
            case Recovery.RetryAt _, Recovery.StayFailed _ -> true;
            case Recovery.None _ -> failedUndecided(resource);
        };
    }

    /// Failed while nothing was to be restarted, so that nothing was decided about it.
    static boolean failedUndecided(Resource resource) {
        return resource.status().recovery() instanceof Recovery.None
                && resource.status().observed().state() == ResourceState.FAILED
                && resource.status().observed().attempt() >= resource.status().attempt();
    }

    private static String ordinal(long number) {
        return number % 100 >= 11 && number % 100 <= 13
                ? number + "th"
                : switch ((int) (number % 10)) {
                    case 1 -> number + "st";
                    case 2 -> number + "nd";
                    case 3 -> number + "rd";
                    default -> number + "th";
                };
    }
}
