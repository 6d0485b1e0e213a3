package dev.mainstay.core.event;

import dev.mainstay.core.state.Boot;
import dev.mainstay.core.state.GroupId;
import dev.mainstay.core.state.GroupSettings;
import dev.mainstay.core.state.Maintenance;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Observed;
import dev.mainstay.core.state.Reason;
import dev.mainstay.core.state.RegisteredType;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceSettings;
import dev.mainstay.core.state.ResourceStatus.Wanted;
import dev.mainstay.core.state.TypeSettings;
import java.time.Instant;
import java.util.List;

/// A fact: something that happened to the cluster, decided by the leader and evolved by everybody.
///
/// Names and components are written to disk; a golden file holds the bytes of each.
public sealed interface Event {
    /// Why it happened.
    Reason reason();

    /// A node's cluster service started and takes part.
    ///
    /// @param boot the boot of its machine, with cluster time
    record NodeUp(NodeId node, long incarnation, Reason reason, Boot boot) implements Event {
        /// A node of whose machine nothing is known.
        public NodeUp(NodeId node, long incarnation, Reason reason) {
            this(node, incarnation, reason, Boot.UNKNOWN);
        }
    }

    /// A node takes everything offline because its cluster service ends.
    record NodeStopping(NodeId node, Reason reason) implements Event {}

    /// A node's cluster service ended in good order.
    record NodeDown(NodeId node, Reason reason) implements Event {}

    /// The whole cluster stops: every node takes everything offline.
    record ClusterStopping(Reason reason) implements Event {}

    /// The cluster runs again after it was stopped.
    record ClusterRunning(Reason reason) implements Event {}

    /// A resource type became known, or known by other defaults.
    record TypeRegistered(RegisteredType type, Reason reason) implements Event {}

    /// A type's settings changed.
    record TypeConfigured(TypeSettings settings, Reason reason) implements Event {}

    /// A group was added.
    record GroupAdded(GroupSettings settings, NodeId owner, Reason reason) implements Event {}

    /// A group's settings changed.
    record GroupChanged(GroupSettings settings, Reason reason) implements Event {}

    /// A group and its resources were removed.
    record GroupDeleted(GroupId group, Reason reason) implements Event {}

    /// A resource was added.
    record ResourceAdded(ResourceSettings settings, Reason reason) implements Event {}

    /// A resource's settings changed.
    record ResourceChanged(ResourceSettings settings, Reason reason) implements Event {}

    /// A resource was removed.
    record ResourceDeleted(ResourceId resource, Reason reason) implements Event {}

    /// A group's persistent state was commanded; its resources follow it again.
    record GroupWanted(GroupId group, boolean online, Reason reason) implements Event {}

    /// A resource's persistent state was commanded.
    record ResourceWanted(ResourceId resource, Wanted wanted, Reason reason) implements Event {}

    /// A resource was observed in a state.
    record ResourceObserved(ResourceId resource, Observed observed, Reason reason) implements Event {}

    /// A resource was observed to have failed.
    record ResourceFailed(ResourceId resource, Observed observed, Reason reason) implements Event {}

    /// An operator asked to treat an online resource as failed; its monitor ends it.
    record FailureRequested(ResourceId resource, NodeId node, long attempt, Reason reason) implements Event {}

    /// A failed resource starts again at `due`.
    record RestartScheduled(ResourceId resource, Instant due, Reason reason) implements Event {}

    /// A failed resource gets one more attempt at `due`.
    record RetryScheduled(ResourceId resource, Instant due, Reason reason) implements Event {}

    /// A failed resource stays failed until an operator acts.
    record ResourceGivenUp(ResourceId resource, Reason reason) implements Event {}

    /// The next attempt of a resource is permitted.
    ///
    /// @param restarts the restarts that count from now on, oldest first
    record AttemptPermitted(ResourceId resource, List<Instant> restarts, Reason reason) implements Event {
        /// Copies the list.
        public AttemptPermitted {
            restarts = List.copyOf(restarts);
        }
    }

    /// Somebody works on a resource: the cluster does nothing to it of its own accord.
    record MaintenanceBegan(ResourceId resource, Maintenance maintenance, Reason reason) implements Event {}

    /// Nobody works on a resource any more.
    record MaintenanceEnded(ResourceId resource, Reason reason) implements Event {}

    /// A resource goes offline to come online again.
    record RestartRequested(ResourceId resource, Reason reason) implements Event {}

    /// The restarts of a resource no longer count.
    record RestartsForgotten(ResourceId resource, Reason reason) implements Event {}

    /// The failovers of a group and its losses of networks no longer count.
    record FailoversForgotten(GroupId group, Reason reason) implements Event {}

    /// A failure inside an online resource was reported, and is only recorded.
    record EmbeddedFailureNoted(ResourceId resource, String evidence, Reason reason) implements Event {}

    /// A network that a group serves on is gone from its owner.
    record NetworkLost(GroupId group, NodeId node, Instant at, Reason reason) implements Event {}

    /// A group leaves its owner for another node.
    ///
    /// @param failovers the failovers that count from now on, oldest first
    record GroupMoving(GroupId group, NodeId target, boolean failover, List<Instant> failovers, Reason reason)
            implements Event {
        /// Copies the list.
        public GroupMoving {
            failovers = List.copyOf(failovers);
        }
    }

    /// A group has a new owner.
    record OwnerChanged(GroupId group, NodeId owner, Reason reason) implements Event {}
}
