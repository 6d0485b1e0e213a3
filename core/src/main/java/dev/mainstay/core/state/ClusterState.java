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
/// @param typeSettings of the types for which something is set; ask [#typeSettings(TypeName)]
public record ClusterState(
        String name,
        long revision,
        Instant time,
        long configRevision,
        boolean stopping,
        SortedMap<NodeId, Node> nodes,
        SortedMap<TypeName, RegisteredType> types,
        SortedMap<GroupId, Group> groups,
        SortedMap<ResourceId, Resource> resources,
        SortedMap<TypeName, TypeSettings> typeSettings) {
    /// Keeps the maps in a form in which a change costs little, and checks what comes from elsewhere. Each change
    /// checks what it could break, so that nothing else has to be looked at again.
    public ClusterState {
        boolean elsewhere = !(resources instanceof Resources && groups instanceof SharedMap<GroupId, Group>);
        nodes = SharedMap.of(nodes);
        types = SharedMap.of(types);
        groups = SharedMap.of(groups);
        resources = Resources.of(resources);
        typeSettings = SharedMap.of(typeSettings);
        if (elsewhere) {
            for (var resource : resources.values()) {
                checkGroup(groups, resource);
            }
        }
    }

    private static void checkGroup(SortedMap<GroupId, Group> groups, Resource resource) {
        var group = resource.settings().group();
        Check.state(
                groups.containsKey(group),
                "resource %s belongs to group %s, which does not exist",
                resource.settings().id(),
                group);
    }

    /// A cluster without nodes, groups and resources.
    public static ClusterState empty(String name) {
        return new ClusterState(
                name,
                0,
                Instant.EPOCH,
                0,
                false,
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>(),
                new TreeMap<>());
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

    /// The settings of this type; the usual ones when nothing is set for it.
    public TypeSettings typeSettings(TypeName type) {
        return typeSettings.getOrDefault(type, TypeSettings.unset(type));
    }

    /// The resources of a group, in the order of their names.
    public List<Resource> resourcesOf(GroupId id) {
        return List.copyOf(Resources.of(resources).of(id));
    }

    /// The state of a group, derived from its resources.
    public GroupState stateOf(GroupId id) {
        return GroupState.of(Resources.of(resources).of(id).stream()
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

    /// Whether the owner may have this resource running: it is wanted, its group stays, nothing is being stopped
    /// or restarted.
    public boolean mayRun(Resource resource) {
        var group = groups.get(resource.settings().group());
        if (group == null
                || stopping
                || resource.status().restarting()
                || !(group.status().transfer() instanceof GroupStatus.Transfer.None)) {
            return false;
        }
        var owner = nodes.get(group.status().owner());
        return owner != null && owner.state() == Node.State.UP && wantedOnline(resource);
    }

    /// This state with one node added or replaced.
    public ClusterState with(Node node) {
        return holding(SharedMap.of(nodes).with(node.id(), node), types, groups, resources, typeSettings);
    }

    /// This state with one group added or replaced.
    public ClusterState with(Group group) {
        return holding(nodes, types, SharedMap.of(groups).with(group.settings().id(), group), resources, typeSettings);
    }

    /// This state with one resource added or replaced.
    public ClusterState with(Resource resource) {
        checkGroup(groups, resource);
        return holding(nodes, types, groups, Resources.of(resources).with(resource), typeSettings);
    }

    /// This state with one type added or replaced.
    public ClusterState with(RegisteredType type) {
        return holding(nodes, SharedMap.of(types).with(type.name(), type), groups, resources, typeSettings);
    }

    /// This state with the settings of one type; those of an unset one are forgotten.
    public ClusterState with(TypeSettings settings) {
        var type = settings.type();
        return holding(
                nodes,
                types,
                groups,
                resources,
                settings.equals(TypeSettings.unset(type))
                        ? SharedMap.of(typeSettings).without(type)
                        : SharedMap.of(typeSettings).with(type, settings));
    }

    /// This state without a group and its resources.
    public ClusterState without(GroupId id) {
        return holding(
                nodes,
                types,
                SharedMap.of(groups).without(id),
                Resources.of(resources).without(id),
                typeSettings);
    }

    /// This state without a resource.
    public ClusterState without(ResourceId id) {
        return holding(nodes, types, groups, Resources.of(resources).without(id), typeSettings);
    }

    /// This state with its configuration changed at the next revision.
    public ClusterState reconfigured() {
        return at(revision, time, revision + 1, stopping);
    }

    /// This state while the whole cluster stops, or no longer does.
    public ClusterState stopping(boolean stops) {
        return at(revision, time, configRevision, stops);
    }

    /// This state one revision later.
    public ClusterState advanced(Instant at) {
        return at(revision + 1, at, configRevision, stopping);
    }

    private ClusterState holding(
            SortedMap<NodeId, Node> otherNodes,
            SortedMap<TypeName, RegisteredType> otherTypes,
            SortedMap<GroupId, Group> otherGroups,
            SortedMap<ResourceId, Resource> otherResources,
            SortedMap<TypeName, TypeSettings> otherSettings) {
        return new ClusterState(
                name,
                revision,
                time,
                configRevision,
                stopping,
                otherNodes,
                otherTypes,
                otherGroups,
                otherResources,
                otherSettings);
    }

    private ClusterState at(long reached, Instant at, long configuredAt, boolean stops) {
        return new ClusterState(name, reached, at, configuredAt, stops, nodes, types, groups, resources, typeSettings);
    }
}
