package dev.mainstay.core.decision;

import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.GroupSettings;
import dev.mainstay.core.state.Node;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.ResourceSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Which node a group goes to.
final class Placement {
    private Placement() {}

    /// The nodes that are up and a possible owner of every resource, best first for a new group.
    ///
    /// @param load see [#load]
    static Optional<NodeId> forNewGroup(
            ClusterState state,
            GroupSettings settings,
            Collection<ResourceSettings> resources,
            Map<NodeId, Integer> load) {
        return eligible(state, resources).stream()
                .min(Comparator.<NodeId>comparingInt(node -> preference(settings, node))
                        .thenComparingInt(node -> load.getOrDefault(node, 0))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /// The next node after `current`: in the order of preferred owners, then of names, starting over at the end.
    static Optional<NodeId> after(
            ClusterState state, GroupSettings settings, Collection<ResourceSettings> resources, NodeId current) {
        return after(state, settings, resources, current, _ -> true);
    }

    /// The same among the nodes for which `suits` holds.
    static Optional<NodeId> after(
            ClusterState state,
            GroupSettings settings,
            Collection<ResourceSettings> resources,
            NodeId current,
            Predicate<NodeId> suits) {
        var order = new ArrayList<>(settings.preferredOwners());
        state.nodes().keySet().stream().filter(node -> !order.contains(node)).forEach(order::add);
        int place = order.indexOf(current);
        var eligible = eligible(state, resources);
        for (int step = 1; step <= order.size(); step++) {
            var candidate = order.get((place + step) % order.size());
            if (!candidate.equals(current) && eligible.contains(candidate) && suits.test(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    static boolean isPossibleOwner(NodeId node, ResourceSettings resource) {
        return resource.possibleOwners().isEmpty() || resource.possibleOwners().contains(node);
    }

    private static List<NodeId> eligible(ClusterState state, Collection<ResourceSettings> resources) {
        return state.nodes().values().stream()
                .filter(node -> node.state() == Node.State.UP)
                .map(Node::id)
                .filter(node -> resources.stream().allMatch(resource -> isPossibleOwner(node, resource)))
                .toList();
    }

    private static int preference(GroupSettings settings, NodeId node) {
        int place = settings.preferredOwners().indexOf(node);
        return place < 0 ? Integer.MAX_VALUE : place;
    }

    /// How many groups are on each node that has one.
    static Map<NodeId, Integer> load(ClusterState state) {
        var load = new HashMap<NodeId, Integer>();
        for (var group : state.groups().values()) {
            load.merge(group.status().owner(), 1, Integer::sum);
        }
        return load;
    }
}
