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
import dev.mainstay.core.state.Words;
import java.time.Instant;
import java.util.List;

/// Nodes that start and stop.
final class NodePolicy {
    private NodePolicy() {}

    static Decision start(ClusterState state, Command.StartNode start, Instant now) {
        var before = state.node(start.node());
        if (before.isPresent() && before.get().incarnation() >= start.incarnation()) {
            return new Decision.Accepted(List.of());
        }
        var draft = new Draft(state);
        var reboot = before.map(Node::boot)
                .filter(boot -> boot.endedBefore(start.boot()))
                .map(_ -> "the reboot of %s at %s"
                        .formatted(start.node(), Words.of(start.boot().startedAt())));
        draft.add(new Event.NodeUp(
                start.node(),
                start.incarnation(),
                new Reason(
                        Rule.NODE,
                        "the cluster service of %s started for the %s time%s"
                                .formatted(
                                        start.node(),
                                        ordinal(start.incarnation()),
                                        reboot.map(what -> ", the first one after " + what)
                                                .orElse(""))),
                start.boot().at(now)));
        if (state.stopping()) {
            draft.add(new Event.ClusterRunning(
                    new Reason(Rule.NODE, "%s started after the cluster was stopped".formatted(start.node()))));
        }
        for (var resource : state.resources().values()) {
            if (resource.status().maintenance().on()) {
                continue;
            }
            if (reboot.isPresent() && isOn(state, resource, start.node())) {
                rebooted(draft, resource, reboot.get());
            } else if ((state.stopping() && failedUndecided(resource))
                    || (isOn(state, resource, start.node()) && waitsForNothing(resource))) {
                draft.add(new Event.AttemptPermitted(
                        resource.settings().id(),
                        resource.status().restarts(),
                        new Reason(
                                Rule.PERSISTENT_STATE,
                                "%s had failed; its node started, so it is tried once more"
                                        .formatted(resource.settings().id()))));
            }
        }
        reboot.ifPresent(what -> forgetFailovers(draft, start.node(), what));
        // A group whose target stopped may have waited for any node.
        state.groups().keySet().forEach(group -> MovePolicy.finish(draft, group));
        state.groups().keySet().forEach(group -> ConditionPolicy.reconsider(draft, group, now));
        return draft.accepted();
    }

    /// A reboot is no failure of what ran; neither does what failed before it count any more.
    private static void rebooted(Draft draft, Resource resource, String reboot) {
        var id = resource.settings().id();
        var status = resource.status();
        var ran = !status.observed().state().atRest() && draft.state().mayRun(resource);
        if (!(status.recovery() instanceof Recovery.None) || failedUndecided(resource)) {
            draft.add(new Event.AttemptPermitted(
                    id,
                    List.of(),
                    new Reason(
                            Rule.REBOOT,
                            "%s had failed before %s: it is tried again, counters start anew".formatted(id, reboot))));
        } else if (ran || !status.restarts().isEmpty()) {
            draft.add(new Event.RestartsForgotten(
                    id,
                    new Reason(
                            Rule.REBOOT,
                            ran
                                    ? "%s is offline by %s: it is started again, counters start anew"
                                            .formatted(id, reboot)
                                    : "the restarts of %s before %s no longer count".formatted(id, reboot))));
        }
    }

    private static void forgetFailovers(Draft draft, NodeId node, String reboot) {
        for (var group : draft.state().groups().values()) {
            var status = group.status();
            if (status.owner().equals(node)
                    && !(status.failovers().isEmpty() && status.networkLosses().isEmpty())) {
                var id = group.settings().id();
                draft.add(new Event.FailoversForgotten(
                        id,
                        new Reason(
                                Rule.REBOOT,
                                "the failovers of group %s before %s no longer count".formatted(id, reboot))));
            }
        }
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
