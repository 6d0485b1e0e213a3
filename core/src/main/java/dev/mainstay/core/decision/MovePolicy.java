package dev.mainstay.core.decision;

import dev.mainstay.core.event.Event;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Group;
import dev.mainstay.core.state.GroupId;
import dev.mainstay.core.state.GroupSettings;
import dev.mainstay.core.state.GroupStatus.Transfer;
import dev.mainstay.core.state.Node;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Observed;
import dev.mainstay.core.state.Reason;
import dev.mainstay.core.state.Reason.Rule;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.core.state.Words;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Groups on their way to another node, asked for or because of a failure.
///
/// A move is an operation with an end: it leaves nothing behind in the configuration.
final class MovePolicy {
    private MovePolicy() {}

    static Decision move(ClusterState state, Command.MoveGroup move) {
        var found = state.group(move.group());
        if (found.isEmpty()) {
            return Refusals.noSuchGroup(state, move.group());
        }
        var refusal = refusal(state, found.get(), move);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        var draft = new Draft(state);
        var status = found.get().status();
        var onItsWay =
                status.transfer() instanceof Transfer.To to && to.target().equals(move.target());
        if (!onItsWay && !status.owner().equals(move.target())) {
            draft.add(new Event.GroupMoving(
                    move.group(),
                    move.target(),
                    false,
                    status.failovers(),
                    new Reason(
                            Rule.REQUESTED,
                            "an operator moved group %s from %s to %s"
                                    .formatted(move.group(), status.owner(), move.target()))));
            finish(draft, move.group());
        }
        return draft.accepted();
    }

    private static Optional<Decision> refusal(ClusterState state, Group group, Command.MoveGroup move) {
        var target = move.target();
        var id = group.settings().id();
        var asked = "moving group '%s' to node '%s'".formatted(id, target);
        var node = state.node(target);
        if (node.isEmpty()) {
            return Optional.of(Refusals.noSuchNode(state, target));
        }
        if (state.stopping()) {
            return Optional.of(Refusals.stopping(asked));
        }
        if (node.get().state() != Node.State.UP) {
            return Optional.of(Refusals.refuse(
                    Refusal.Code.NODE_NOT_UP,
                    "%s: %s is %s".formatted(asked, target, Words.of(node.get().state())),
                    "Start its cluster service, or choose a node that is up."));
        }
        if (group.status().transfer() instanceof Transfer.To to
                && !to.target().equals(target)
                && isUp(state, to.target())) {
            return Optional.of(Refusals.refuse(
                    Refusal.Code.ALREADY_MOVING,
                    "%s: it is on its way to %s".formatted(asked, to.target()),
                    "Wait until it has arrived:  mainstay group show %s".formatted(id)));
        }
        for (var resource : state.resourcesOf(id)) {
            if (!Placement.isPossibleOwner(target, resource.settings())) {
                return Optional.of(Refusals.refuse(
                        Refusal.Code.NOT_A_POSSIBLE_OWNER,
                        "%s: it is no possible owner of resource '%s' (possible owners: %s)"
                                .formatted(
                                        asked,
                                        resource.settings().id(),
                                        Words.list(resource.settings().possibleOwners())),
                        "Choose one of them, or add %s to the possible owners of '%s'."
                                .formatted(target, resource.settings().id())));
            }
        }
        return group.status().owner().equals(target) || move.ignoreLock()
                ? Optional.empty()
                : Locks.refuse(asked, state.resourcesOf(id));
    }

    /// Moves the group away because something of it may not be restarted here, or says why it stays.
    ///
    /// @param failed what, and why
    /// @return the reason to stay, or nothing when the group leaves
    static Optional<Reason> failOver(Draft draft, Group group, String failed, Instant now) {
        var settings = group.settings();
        var state = draft.state();
        var counted = new ArrayList<Instant>();
        group.status().failovers().stream()
                .filter(at -> at.isAfter(now.minus(settings.failoverPeriod())))
                .forEach(counted::add);
        int allowed = settings.failoverThreshold() == GroupSettings.OTHER_NODES
                ? state.nodes().size() - 1
                : settings.failoverThreshold();
        var resources = state.resourcesOf(settings.id()).stream()
                .map(Resource::settings)
                .toList();
        var target = Placement.after(state, settings, resources, group.status().owner());
        if (target.isEmpty()) {
            return Optional.of(new Reason(
                    Rule.NO_POSSIBLE_OWNER_UP,
                    "no other node is up and a possible owner of group %s".formatted(settings.id())));
        }
        var maintained = maintained(state, settings.id());
        if (maintained.isPresent()) {
            return maintained;
        }
        if (counted.size() >= allowed) {
            return Optional.of(new Reason(
                    Rule.FAILOVER_THRESHOLD_REACHED,
                    "group %s has made %s within %s, its failover threshold"
                            .formatted(
                                    settings.id(),
                                    Words.count(counted.size(), "failover"),
                                    Words.of(settings.failoverPeriod()))));
        }
        counted.add(now);
        draft.add(new Event.GroupMoving(
                settings.id(),
                target.get(),
                true,
                counted,
                new Reason(
                        Rule.FAILOVER,
                        "%s: group %s fails over to %s (failover %d of %d within %s)"
                                .formatted(
                                        failed,
                                        settings.id(),
                                        target.get(),
                                        counted.size(),
                                        allowed,
                                        Words.of(settings.failoverPeriod())))));
        finish(draft, settings.id());
        return Optional.empty();
    }

    /// Why a group stays though a policy would move it: somebody works on one of its resources.
    static Optional<Reason> maintained(ClusterState state, GroupId id) {
        return state.resourcesOf(id).stream()
                .filter(resource -> resource.status().maintenance().on())
                .findFirst()
                .map(resource -> new Reason(
                        Rule.MAINTENANCE,
                        "group %s is not moved while %s is in maintenance"
                                .formatted(id, resource.settings().id())));
    }

    /// Changes the owner once the old one can start nothing of the group any more; a target that is gone meanwhile
    /// is replaced, and without any node that is up the group waits for one.
    static void finish(Draft draft, GroupId id) {
        var group = draft.state().group(id);
        if (group.isEmpty() || !(group.get().status().transfer() instanceof Transfer.To to)) {
            return;
        }
        var status = group.get().status();
        var ownerIsDown = draft.state()
                .node(status.owner())
                .filter(node -> node.state() == Node.State.DOWN)
                .isPresent();
        List<Resource> resources = draft.state().resourcesOf(id);
        if (ownerIsDown
                || resources.stream().allMatch(resource -> hasLetGo(resource, status.owner(), status.epoch()))) {
            landing(draft.state(), group.get(), to.target())
                    .ifPresent(target -> draft.add(new Event.OwnerChanged(
                            id,
                            target,
                            new Reason(
                                    Rule.MOVED,
                                    "%s has taken group %s offline: %s is its owner now%s"
                                            .formatted(
                                                    status.owner(),
                                                    id,
                                                    target,
                                                    target.equals(to.target())
                                                            ? ""
                                                            : ", for %s is not up any more".formatted(to.target()))))));
        }
    }

    private static Optional<NodeId> landing(ClusterState state, Group group, NodeId target) {
        if (isUp(state, target)) {
            return Optional.of(target);
        }
        var settings = group.settings();
        var owner = group.status().owner();
        var resources = state.resourcesOf(settings.id()).stream()
                .map(Resource::settings)
                .toList();
        return Placement.after(state, settings, resources, owner)
                .or(() -> isUp(state, owner) ? Optional.of(owner) : Optional.empty());
    }

    private static boolean isUp(ClusterState state, NodeId id) {
        return state.node(id).filter(node -> node.state() == Node.State.UP).isPresent();
    }

    /// The owner's monitor has confirmed, in the epoch of the move, that the resource is at rest. An older
    /// report of rest proves nothing: an order to start it may still have been on its way.
    private static boolean hasLetGo(Resource resource, NodeId owner, long epoch) {
        Observed observed = resource.status().observed();
        var atRest = observed.state() == ResourceState.OFFLINE || observed.state() == ResourceState.FAILED;
        return atRest && observed.node().equals(owner) && observed.epoch() == epoch;
    }
}
