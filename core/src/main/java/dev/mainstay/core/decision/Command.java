package dev.mainstay.core.decision;

import dev.mainstay.core.state.Boot;
import dev.mainstay.core.state.GroupId;
import dev.mainstay.core.state.GroupSettings;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Observed;
import dev.mainstay.core.state.RegisteredType;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceSettings;
import dev.mainstay.core.state.TypeSettings;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;

/// What somebody wants or noticed.
public sealed interface Command {
    /// A node's cluster service starts to take part.
    ///
    /// @param boot the boot of its machine, and for how long that is up
    record StartNode(NodeId node, long incarnation, Boot boot) implements Command {
        /// A node of whose machine nothing is known.
        public StartNode(NodeId node, long incarnation) {
            this(node, incarnation, Boot.UNKNOWN);
        }
    }

    /// A node's cluster service is about to end: take everything offline there.
    record StopNode(NodeId node) implements Command {}

    /// A node has taken everything offline and ends.
    record LeaveNode(NodeId node, long incarnation) implements Command {}

    /// The whole cluster is to be stopped.
    record StopCluster() implements Command {}

    /// A node's monitor offers resource types.
    record RegisterTypes(List<RegisteredType> types) implements Command {
        /// Copies the list.
        public RegisterTypes {
            types = List.copyOf(types);
        }
    }

    /// Changes the configuration, all or nothing.
    ///
    /// @param ifConfigRevision the configuration revision the changes were planned on; -1 for any
    record Configure(List<Change> changes, long ifConfigRevision) implements Command {
        /// Copies the list.
        public Configure {
            changes = List.copyOf(changes);
        }
    }

    /// Brings a group and all its resources online.
    ///
    /// @param ignoreLock whether it is done though a resource is locked; so with each command that has it
    record OnlineGroup(GroupId group, boolean ignoreLock) implements Command {}

    /// Takes a group and all its resources offline.
    record OfflineGroup(GroupId group, boolean ignoreLock) implements Command {}

    /// Takes what runs of a group offline and brings it online again.
    record RestartGroup(GroupId group, boolean ignoreLock) implements Command {}

    /// Moves a group to another node.
    record MoveGroup(GroupId group, NodeId target, boolean ignoreLock) implements Command {}

    /// Brings a resource online, and what it needs.
    record OnlineResource(ResourceId resource, boolean ignoreLock) implements Command {}

    /// Takes a resource offline, and what needs it.
    record OfflineResource(ResourceId resource, boolean ignoreLock) implements Command {}

    /// Takes a resource offline, with what needs it, and brings all of it online again.
    record RestartResource(ResourceId resource, boolean ignoreLock) implements Command {}

    /// Forgets the failures counted of a resource; one that was given up is tried again.
    record ResetResource(ResourceId resource) implements Command {}

    /// Forgets the failures counted of a group and of all its resources.
    record ResetGroup(GroupId group) implements Command {}

    /// Begins or ends work on resources: while it lasts, the cluster does nothing to them of its own accord.
    ///
    /// @param reason why, in words; may be empty
    /// @param by who asks
    /// @param at when, by the wall clock of the node that was asked; for people
    record Maintain(List<ResourceId> resources, boolean on, String reason, String by, Instant at) implements Command {
        /// Copies the list.
        public Maintain {
            resources = List.copyOf(resources);
        }
    }

    /// Treats an online resource as failed.
    record FailResource(ResourceId resource) implements Command {}

    /// A node tells what its monitors saw.
    record ReportResources(NodeId node, long incarnation, SortedMap<ResourceId, Observed> reports) implements Command {}

    /// A deadline of the state has passed.
    record PassDeadline() implements Command {}

    /// One change of the configuration.
    sealed interface Change {
        /// Adds or replaces a group's settings.
        ///
        /// @param onlineWhenNew whether a group that is added is brought online; one that exists stays as it is
        record PutGroup(GroupSettings settings, boolean onlineWhenNew) implements Change {}

        /// Adds or replaces a resource's settings.
        record PutResource(ResourceSettings settings) implements Change {}

        /// Replaces a type's settings; those of an unset type forget what was set.
        record PutType(TypeSettings settings) implements Change {}

        /// Removes a group with its resources; they must be at rest unless `force`.
        record DeleteGroup(GroupId group) implements Change {}

        /// Removes a resource.
        record DeleteResource(ResourceId resource) implements Change {}
    }
}
