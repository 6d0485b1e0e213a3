package dev.mainstay.service.node;

import dev.mainstay.core.event.Event;
import dev.mainstay.core.event.LogEntry;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.GroupId;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Observed;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What an operator reads in the log of the cluster service: one line for each failure and what follows from it.
///
/// A node tells what concerns groups that it owns or owned just before; the leader tells everything. Nothing
/// is said about checks that find a resource well.
final class Story {
    private final NodeId self;

    Story(NodeId self) {
        this.self = self;
    }

    /// The lines about one applied entry.
    List<String> of(ClusterState before, LogEntry entry, ClusterState after, boolean leads) {
        var lines = new ArrayList<String>();
        for (var decided : entry.decisions()) {
            for (var event : decided.events()) {
                if (leads || isMine(event, before) || isMine(event, after)) {
                    line(event, before).ifPresent(lines::add);
                }
            }
        }
        return lines;
    }

    private boolean isMine(Event event, ClusterState state) {
        return owner(event, state).filter(self::equals).isPresent();
    }

    private static Optional<NodeId> owner(Event event, ClusterState state) {
        return switch (event) {
            case Event.ResourceFailed failed -> ownerOf(failed.resource(), state);
            case Event.ResourceObserved seen -> ownerOf(seen.resource(), state);
            case Event.FailureRequested failure -> ownerOf(failure.resource(), state);
            case Event.RestartScheduled restart -> ownerOf(restart.resource(), state);
            case Event.AttemptPermitted permitted -> ownerOf(permitted.resource(), state);
            case Event.RetryScheduled retry -> ownerOf(retry.resource(), state);
            case Event.ResourceGivenUp given -> ownerOf(given.resource(), state);
            case Event.ResourceWanted wanted -> ownerOf(wanted.resource(), state);
            case Event.MaintenanceBegan began -> ownerOf(began.resource(), state);
            case Event.MaintenanceEnded ended -> ownerOf(ended.resource(), state);
            case Event.RestartRequested restart -> ownerOf(restart.resource(), state);
            case Event.RestartsForgotten forgotten -> ownerOf(forgotten.resource(), state);
            case Event.FailoversForgotten forgotten -> ownerOf(forgotten.group(), state);
            case Event.EmbeddedFailureNoted noted -> ownerOf(noted.resource(), state);
            case Event.NetworkLost lost -> ownerOf(lost.group(), state);
            case Event.GroupWanted wanted -> ownerOf(wanted.group(), state);
            case Event.GroupMoving moving -> ownerOf(moving.group(), state);
            case Event.OwnerChanged changed -> ownerOf(changed.group(), state);
            case Event.NodeUp up -> Optional.of(up.node());
            case Event.NodeStopping stopping -> Optional.of(stopping.node());
            case Event.NodeDown down -> Optional.of(down.node());
            default -> Optional.empty();
        };
    }

    private static Optional<NodeId> ownerOf(GroupId id, ClusterState state) {
        return state.group(id).map(group -> group.status().owner());
    }

    private static Optional<NodeId> ownerOf(ResourceId id, ClusterState state) {
        return state.resource(id)
                .flatMap(resource -> ownerOf(resource.settings().group(), state));
    }

    private static Optional<String> line(Event event, ClusterState before) {
        var why = event.reason().text();
        return Optional.ofNullable(
                switch (event) {
                    case Event.ResourceFailed failed ->
                        "resource '%s' failed on node '%s': %s"
                                .formatted(failed.resource(), failed.observed().node(), detail(failed.observed(), why));
                    case Event.ResourceObserved seen ->
                        seen.observed().state() == ResourceState.ONLINE && !wasOnline(seen.resource(), before)
                                ? "resource '%s' is online on node '%s'"
                                        .formatted(
                                                seen.resource(), seen.observed().node())
                                : null;
                    case Event.FailureRequested failure ->
                        "resource '%s' is treated as failed: %s".formatted(failure.resource(), why);
                    case Event.RestartScheduled restart ->
                        "resource '%s' restarts: %s".formatted(restart.resource(), why);
                    case Event.RetryScheduled retry ->
                        "resource '%s' stays failed for now: %s".formatted(retry.resource(), why);
                    case Event.ResourceGivenUp given ->
                        "resource '%s' stays failed until it is brought online by command: %s"
                                .formatted(given.resource(), why);
                    case Event.MaintenanceBegan began ->
                        "resource '%s' is in maintenance: %s".formatted(began.resource(), why);
                    case Event.MaintenanceEnded ended ->
                        "resource '%s' is no longer in maintenance: %s".formatted(ended.resource(), why);
                    case Event.RestartRequested restart ->
                        "resource '%s' goes offline and comes online again: %s".formatted(restart.resource(), why);
                    case Event.RestartsForgotten forgotten -> "resource '%s': %s".formatted(forgotten.resource(), why);
                    case Event.FailoversForgotten forgotten -> "group '%s': %s".formatted(forgotten.group(), why);
                    case Event.EmbeddedFailureNoted noted -> "resource '%s': %s".formatted(noted.resource(), why);
                    case Event.NetworkLost lost -> "group '%s': %s".formatted(lost.group(), why);
                    case Event.AttemptPermitted permitted -> attempt(permitted, why);
                    case Event.GroupMoving moving ->
                        "group '%s' %s to node '%s': %s"
                                .formatted(
                                        moving.group(),
                                        moving.failover() ? "fails over" : "moves",
                                        moving.target(),
                                        why);
                    case Event.OwnerChanged changed ->
                        "group '%s' is owned by node '%s' now: %s".formatted(changed.group(), changed.owner(), why);
                    case Event.GroupWanted wanted ->
                        "group '%s' is wanted %s: %s"
                                .formatted(wanted.group(), wanted.online() ? "online" : "offline", why);
                    case Event.ResourceWanted wanted -> "resource '%s': %s".formatted(wanted.resource(), why);
                    case Event.NodeUp up -> "node '%s' is up: %s".formatted(up.node(), why);
                    case Event.NodeStopping stopping -> "node '%s' is stopping: %s".formatted(stopping.node(), why);
                    case Event.NodeDown down -> "node '%s' is down: %s".formatted(down.node(), why);
                    case Event.ClusterStopping _ -> "the cluster is stopping: %s".formatted(why);
                    default -> null;
                });
    }

    private static String detail(Observed observed, String why) {
        return observed.detail().isEmpty() || why.contains(observed.detail())
                ? why
                : "%s (%s)".formatted(observed.detail(), why);
    }

    private static @Nullable String attempt(Event.AttemptPermitted permitted, String why) {
        return switch (permitted.reason().rule()) {
            case RESTART -> "resource '%s' restarts: %s".formatted(permitted.resource(), why);
            case RETRY, NODE -> "resource '%s' gets one more attempt: %s".formatted(permitted.resource(), why);
            // Announced when it was scheduled, or part of what an operator asked for.
            default -> null;
        };
    }

    private static boolean wasOnline(ResourceId id, ClusterState before) {
        return before.resource(id)
                .filter(resource -> resource.status().observed().state() == ResourceState.ONLINE)
                .isPresent();
    }
}
