package dev.mainstay.core.event;

import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Group;
import dev.mainstay.core.state.GroupId;
import dev.mainstay.core.state.GroupStatus;
import dev.mainstay.core.state.GroupStatus.Transfer;
import dev.mainstay.core.state.Node;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Observed;
import dev.mainstay.core.state.Recovery;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.core.state.ResourceStatus;
import dev.mainstay.core.state.ResourceStatus.Wanted;
import dev.mainstay.core.state.TypeSettings;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// How facts change the state; every node evolves the same facts to the same state.
public final class Evolution {
    private static final long FIRST_EPOCH = 1;

    private Evolution() {}

    /// The state after an entry of the log; an entry decided on another revision changes nothing.
    public static ClusterState apply(ClusterState state, LogEntry entry) {
        if (entry.baseRevision() != state.revision()) {
            return state;
        }
        var next = state;
        for (var decided : entry.decisions()) {
            for (var event : decided.events()) {
                next = evolve(next, event);
            }
        }
        return next.advanced(entry.time());
    }

    /// The state after one fact.
    public static ClusterState evolve(ClusterState state, Event event) {
        return switch (event) {
            case Event.NodeUp up -> started(state, up);
            case Event.NodeStopping stopping -> nodeIn(state, stopping.node(), Node.State.STOPPING);
            case Event.NodeDown down -> nodeIn(state, down.node(), Node.State.DOWN);
            case Event.ClusterStopping _ -> state.stopping(true);
            case Event.ClusterRunning _ -> state.stopping(false);
            case Event.TypeRegistered registered -> state.with(registered.type());
            case Event.TypeConfigured configured -> typeConfigured(state, configured.settings());
            case Event.GroupAdded added ->
                state.with(new Group(added.settings(), newStatus(added.owner())))
                        .reconfigured();
            case Event.GroupChanged changed ->
                state.with(new Group(
                                changed.settings(),
                                group(state, changed.settings().id()).status()))
                        .reconfigured();
            case Event.GroupDeleted deleted -> state.without(deleted.group()).reconfigured();
            case Event.ResourceAdded added -> added(state, added);
            case Event.ResourceChanged changed -> changed(state, changed);
            case Event.ResourceDeleted deleted ->
                state.without(deleted.resource()).reconfigured();
            case Event.GroupWanted wanted -> wanted(state, wanted);
            case Event.ResourceWanted wanted ->
                resource(
                        state,
                        wanted.resource(),
                        status -> rested(status, wanted.wanted(), wanted.wanted() == Wanted.OFFLINE));
            case Event.ResourceObserved seen ->
                resource(state, seen.resource(), status -> status.reported(seen.observed()));
            case Event.ResourceFailed failed ->
                resource(state, failed.resource(), status -> status.reported(failed.observed()));
            case Event.FailureRequested asked ->
                resource(
                        state,
                        asked.resource(),
                        status -> status.failing(asked.reason().text()));
            case Event.RestartScheduled restart ->
                resource(
                        state,
                        restart.resource(),
                        status -> status.recovering(new Recovery.RestartAt(restart.due(), restart.reason())));
            case Event.RetryScheduled retry ->
                resource(
                        state,
                        retry.resource(),
                        status -> status.recovering(new Recovery.RetryAt(retry.due(), retry.reason())));
            case Event.ResourceGivenUp given ->
                resource(state, given.resource(), status -> status.recovering(new Recovery.StayFailed(given.reason())));
            case Event.AttemptPermitted permitted ->
                resource(state, permitted.resource(), status -> status.permitted(permitted.restarts()));
            case Event.MaintenanceBegan began ->
                resource(state, began.resource(), status -> status.maintained(began.maintenance()));
            case Event.MaintenanceEnded ended ->
                resource(
                        state,
                        ended.resource(),
                        status -> status.maintained(status.maintenance().ended(state.revision() + 1)));
            case Event.RestartRequested restart -> resource(state, restart.resource(), ResourceStatus::endingAttempt);
            case Event.RestartsForgotten forgotten ->
                resource(state, forgotten.resource(), ResourceStatus::forgettingRestarts);
            case Event.FailoversForgotten forgotten -> group(state, forgotten.group(), GroupStatus::forgettingFailures);
            case Event.EmbeddedFailureNoted _ -> state;
            case Event.NetworkLost lost ->
                group(state, lost.group(), status -> status.losingNetwork(lost.node(), lost.at()));
            case Event.GroupMoving moving ->
                group(
                        state,
                        moving.group(),
                        status -> status.leaving(
                                new Transfer.To(moving.target(), moving.failover(), moving.reason()),
                                moving.failovers()));
            case Event.OwnerChanged changed -> ownedBy(state, changed.group(), changed.owner());
        };
    }

    private static GroupStatus newStatus(NodeId owner) {
        return new GroupStatus(false, owner, FIRST_EPOCH, new Transfer.None(), List.of(), new TreeMap<>());
    }

    private static Observed unseenOn(NodeId owner) {
        return new Observed(ResourceState.INITIALIZING, owner, 0, 0, 0, "", "", Instant.EPOCH, Instant.EPOCH);
    }

    private static ClusterState nodeIn(ClusterState state, NodeId id, Node.State in) {
        return state.with(state.node(id).map(node -> node.in(in)).orElseGet(() -> new Node(id, in, 0)));
    }

    /// What was seen before a node's cluster service started says nothing of now: the node reports it anew.
    private static ClusterState started(ClusterState state, Event.NodeUp up) {
        var next = state.with(new Node(up.node(), Node.State.UP, up.incarnation(), up.boot()));
        for (var resource : state.resources().values()) {
            if (group(state, resource.settings().group()).status().owner().equals(up.node())) {
                next = next.with(resource.with(resource.status().reported(unseenOn(up.node()))));
            }
        }
        return next;
    }

    private static ClusterState added(ClusterState state, Event.ResourceAdded added) {
        var owner = group(state, added.settings().group()).status().owner();
        return state.with(new Resource(added.settings(), ResourceStatus.of(unseenOn(owner)), state.revision() + 1))
                .reconfigured();
    }

    private static ClusterState changed(ClusterState state, Event.ResourceChanged changed) {
        var before = state.resources().get(changed.settings().id());
        return before == null
                ? state
                : state.with(new Resource(changed.settings(), before.status(), state.revision() + 1))
                        .reconfigured();
    }

    /// Times of a type are times of its resources, which are opened anew with them when they are at rest.
    private static ClusterState typeConfigured(ClusterState state, TypeSettings settings) {
        var next = state.with(settings);
        if (!state.typeSettings(settings.type()).timing().equals(settings.timing())) {
            for (var resource : state.resources().values()) {
                if (resource.settings().type().equals(settings.type())) {
                    next = next.with(new Resource(resource.settings(), resource.status(), state.revision() + 1));
                }
            }
        }
        return next.reconfigured();
    }

    private static ClusterState wanted(ClusterState state, Event.GroupWanted wanted) {
        var next = group(state, wanted.group(), status -> status.wanting(wanted.online()));
        for (var resource : next.resourcesOf(wanted.group())) {
            next = next.with(resource.with(rested(resource.status(), Wanted.AS_GROUP, !wanted.online())));
        }
        return next;
    }

    /// A resource that is wanted offline needs no recovery.
    private static ResourceStatus rested(ResourceStatus status, Wanted wanted, boolean offline) {
        var next = status.wanting(wanted);
        return offline ? next.recovering(new Recovery.None()) : next;
    }

    private static ClusterState ownedBy(ClusterState state, GroupId id, NodeId owner) {
        var next = group(state, id, status -> status.ownedBy(owner));
        for (var resource : next.resourcesOf(id)) {
            next = next.with(
                    resource.with(resource.status().permitted(List.of()).reported(unseenOn(owner))));
        }
        return next;
    }

    private static Group group(ClusterState state, GroupId id) {
        return state.group(id).orElseThrow(() -> new IllegalStateException("no group " + id));
    }

    private static ClusterState group(ClusterState state, GroupId id, UnaryOperator<GroupStatus> change) {
        return state.group(id)
                .map(found -> state.with(found.with(change.apply(found.status()))))
                .orElse(state);
    }

    private static ClusterState resource(ClusterState state, ResourceId id, UnaryOperator<ResourceStatus> change) {
        return state.resource(id)
                .map(found -> state.with(found.with(change.apply(found.status()))))
                .orElse(state);
    }
}
