package dev.mainstay.service.node;

import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Observed;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.protocol.HeldResource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the leader has still to be told of this node's resources.
///
/// The latest state of a resource replaces older ones not yet sent, except a failure: each failure is told,
/// because each counts.
///
/// **Threads:** one.
final class PendingReports {
    /// Failures of one resource that may wait: more than can happen without a decision in between.
    private static final int WAITING_MAX = 8;

    private final NodeId self;
    private final TreeMap<ResourceId, Deque<Observed>> waiting = new TreeMap<>();

    PendingReports(NodeId self) {
        this.self = self;
    }

    /// A resource was seen in a state. What is about to be looked at is told only with a reason: the state before
    /// is the better guess.
    void add(HeldResource held) {
        var seen = Translation.observed(self, held);
        if (seen.state() == ResourceState.INITIALIZING && seen.detail().isEmpty()) {
            return;
        }
        var queue = waiting.computeIfAbsent(new ResourceId(held.resource()), _ -> new ArrayDeque<>());
        var last = queue.peekLast();
        if (last != null && last.sequence() >= seen.sequence()) {
            return;
        }
        if (last != null && (last.state() != ResourceState.FAILED || queue.size() >= WAITING_MAX)) {
            queue.removeLast();
        }
        queue.addLast(seen);
    }

    /// Adds whatever the cluster does not know yet, or no longer.
    void compare(SortedMap<ResourceId, HeldResource> held, ClusterState state) {
        held.forEach((id, one) -> {
            var known = state.resource(id).map(resource -> resource.status().observed());
            if (known.isPresent() && !same(known.get(), Translation.observed(self, one))) {
                add(one);
            }
        });
    }

    private static boolean same(Observed known, Observed seen) {
        return known.node().equals(seen.node())
                && known.state() == seen.state()
                && known.sequence() == seen.sequence()
                && known.attempt() == seen.attempt();
    }

    /// The oldest report of each resource that this node owns; reports on others are dropped: whoever owns them
    /// now tells about them.
    SortedMap<ResourceId, Observed> next(ClusterState state) {
        waiting.keySet().removeIf(id -> !owns(state, id));
        var batch = new TreeMap<ResourceId, Observed>();
        waiting.forEach((id, queue) -> batch.put(id, queue.getFirst()));
        return batch;
    }

    private boolean owns(ClusterState state, ResourceId id) {
        return state.resource(id)
                .flatMap(resource -> state.group(resource.settings().group()))
                .filter(group -> group.status().owner().equals(self))
                .isPresent();
    }

    /// These were decided upon.
    void sent(SortedMap<ResourceId, Observed> batch) {
        batch.forEach((id, report) -> {
            var queue = waiting.get(id);
            if (queue == null) {
                return;
            }
            queue.removeIf(one -> one.sequence() <= report.sequence());
            if (queue.isEmpty()) {
                waiting.remove(id);
            }
        });
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }
}
