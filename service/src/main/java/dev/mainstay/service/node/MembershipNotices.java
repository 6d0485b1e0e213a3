package dev.mainstay.service.node;

import dev.mainstay.core.state.NodeId;
import dev.mainstay.protocol.ToMonitor;
import java.time.Duration;
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
    /// Nobody waits for the answer to a notice; the monitor lets a type work on it for so long.
    private static final Duration LIMIT = Duration.ofMinutes(1);

    /// Answers with this number are awaited by nobody.
    private static final long NOBODY = 0;

    private Optional<Set<NodeId>> known = Optional.empty();

    /// What to tell every monitor now, in order.
    ///
    /// @param nodes the members of the cluster
    /// @param types the resource types that monitors offer
    List<ToMonitor.Control> about(Set<NodeId> nodes, Collection<String> types) {
        var before = known.orElse(nodes);
        known = Optional.of(Set.copyOf(nodes));
        var notices = new ArrayList<ToMonitor.Control>();
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

    private static ToMonitor.Control notice(String code, String type, NodeId node) {
        return new ToMonitor.Control(
                NOBODY, "", type, code, Map.of("node", List.of(node.value())), LIMIT.toMillis(), true);
    }
}
