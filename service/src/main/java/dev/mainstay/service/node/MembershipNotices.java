package dev.mainstay.service.node;

import dev.mainstay.core.state.NodeId;
import dev.mainstay.service.node.Notices.Notice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Tells resource types which nodes joined the cluster and which were evicted.
///
/// Only what changes while this service runs is told: at the start nothing is known to compare with.
///
/// **Threads:** one.
final class MembershipNotices {
    private Optional<Set<NodeId>> known = Optional.empty();

    /// What to tell every monitor now, in order.
    ///
    /// @param nodes the members of the cluster
    /// @param types the resource types that monitors offer
    List<Notice> about(Set<NodeId> nodes, Collection<String> types) {
        var before = known.orElse(nodes);
        known = Optional.of(Set.copyOf(nodes));
        var notices = new ArrayList<Notice>();
        nodes.stream()
                .filter(node -> !before.contains(node))
                .sorted()
                .forEach(node -> types.forEach(type -> notices.add(notice("install-node", type, node))));
        before.stream()
                .filter(node -> !nodes.contains(node))
                .sorted()
                .forEach(node -> types.forEach(type -> notices.add(notice("evict-node", type, node))));
        return notices;
    }

    private static Notice notice(String code, String type, NodeId node) {
        return new Notice("", type, code, node.value(), Map.of("node", List.of(node.value())));
    }
}
