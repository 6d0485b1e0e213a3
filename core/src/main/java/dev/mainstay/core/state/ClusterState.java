package dev.mainstay.core.state;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The cluster as one value at one revision of the replicated log.
///
/// @param name the cluster's name
/// @param revision number of entries applied so far
/// @param time cluster time of the last entry; never goes back
/// @param configRevision the revision at which the configuration last changed
/// @param stopping whether the whole cluster is being stopped
public record ClusterState(
        String name,
        long revision,
        Instant time,
        long configRevision,
        boolean stopping,
        SortedMap<NodeId, Node> nodes,
        SortedMap<TypeName, RegisteredType> types,
        SortedMap<GroupId, Group> groups,
        SortedMap<ResourceId, Resource> resources) {
    /// Copies the maps and checks what must always hold.
    public ClusterState {
        nodes = Copies.ofMap(nodes);
        types = Copies.ofMap(types);
        groups = Copies.ofMap(groups);
        resources = Copies.ofMap(resources);
        for (var resource : resources.values()) {
            Check.state(
                    groups.containsKey(resource.settings().group()),
                    "resource %s belongs to group %s, which does not exist",
                    resource.settings().id(),
                    resource.settings().group());
        }
    }

    /// A cluster without nodes, groups and resources.
    public static ClusterState empty(String name) {
        return new ClusterState(
                name, 0, Instant.EPOCH, 0, false, new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    }

    /// The group of this name, if there is one.
    public Optional<Group> group(GroupId id) {
        return Optional.ofNullable(groups.get(id));
    }

    /// The resource of this name, if there is one.
    public Optional<Resource> resource(ResourceId id) {
        return Optional.ofNullable(resources.get(id));
    }

    /// The node of this name, if there is one.
    public Optional<Node> node(NodeId id) {
        return Optional.ofNullable(nodes.get(id));
    }

    /// The resources of a group, in the order of their names.
    public List<Resource> resourcesOf(GroupId id) {
        return resources.values().stream()
                .filter(resource -> resource.settings().group().equals(id))
                .toList();
    }

    /// The state of a group, derived from its resources.
    public GroupState stateOf(GroupId id) {
        return GroupState.of(resourcesOf(id).stream()
                .map(resource -> resource.status().observed().state())
                .toList());
    }

    /// Whether a resource should be online when nothing stands in the way.
    public boolean wantedOnline(Resource resource) {
        return switch (resource.status().wanted()) {
            case ONLINE -> true;
            case OFFLINE -> false;
            case AS_GROUP -> {
                var group = groups.get(resource.settings().group());
                yield group != null && group.status().wantedOnline();
            }
        };
    }

    /// Whether the owner may have this resource running: it is wanted, its group stays, nothing is being stopped.
    public boolean mayRun(Resource resource) {
        var group = groups.get(resource.settings().group());
        if (group == null || stopping || !(group.status().transfer() instanceof GroupStatus.Transfer.None)) {
            return false;
        }
        var owner = nodes.get(group.status().owner());
        return owner != null && owner.state() == Node.State.UP && wantedOnline(resource);
    }

    /// This state with one node added or replaced.
    public ClusterState with(Node node) {
        return new ClusterState(
                name,
                revision,
                time,
                configRevision,
                stopping,
                Copies.with(nodes, node.id(), node),
                types,
                groups,
                resources);
    }

    /// This state with one group added or replaced.
    public ClusterState with(Group group) {
        return new ClusterState(
                name,
                revision,
                time,
                configRevision,
                stopping,
                nodes,
                types,
                Copies.with(groups, group.settings().id(), group),
                resources);
    }

    /// This state with one resource added or replaced.
    public ClusterState with(Resource resource) {
        return new ClusterState(
                name,
                revision,
                time,
                configRevision,
                stopping,
                nodes,
                types,
                groups,
                Copies.with(resources, resource.settings().id(), resource));
    }

    /// This state with one type added or replaced.
    public ClusterState with(RegisteredType type) {
        return new ClusterState(
                name,
                revision,
                time,
                configRevision,
                stopping,
                nodes,
                Copies.with(types, type.name(), type),
                groups,
                resources);
    }

    /// This state without a group and its resources.
    public ClusterState without(GroupId id) {
        var kept = new TreeMap<>(resources);
        kept.values().removeIf(resource -> resource.settings().group().equals(id));
        return new ClusterState(
                name, revision, time, configRevision, stopping, nodes, types, Copies.without(groups, id), kept);
    }

    /// This state without a resource.
    public ClusterState without(ResourceId id) {
        return new ClusterState(
                name, revision, time, configRevision, stopping, nodes, types, groups, Copies.without(resources, id));
    }

    /// This state with its configuration changed at the next revision.
    public ClusterState reconfigured() {
        return new ClusterState(name, revision, time, revision + 1, stopping, nodes, types, groups, resources);
    }

    /// This state while the whole cluster stops, or no longer does.
    public ClusterState stopping(boolean stops) {
        return new ClusterState(name, revision, time, configRevision, stops, nodes, types, groups, resources);
    }

    /// This state one revision later.
    public ClusterState advanced(Instant at) {
        return new ClusterState(name, revision + 1, at, configRevision, stopping, nodes, types, groups, resources);
    }
}
