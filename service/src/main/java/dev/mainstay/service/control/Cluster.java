package dev.mainstay.service.control;

import dev.mainstay.core.event.LogEntry;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.NodeId;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// The cluster as one node sees it: the state applied here, and a way to have commands decided.
///
/// **Threads:** any.
public interface Cluster {
    /// The state after the last entry applied on this node.
    ClusterState state();

    /// The node that decides at the moment, if one is known.
    Optional<NodeId> leader();

    /// Has a command decided by the leader, wherever it is.
    ///
    /// The answer is completed once the decision is applied on the leader; it never completes exceptionally.
    CompletableFuture<Answer> submit(Request request);

    /// Calls the watcher after each entry applied on this node, in order.
    void watch(Watcher watcher);

    /// Why changes cannot be written on this node, such as a full disk, if so.
    default Optional<String> shortage() {
        return Optional.empty();
    }

    /// What the wall clock of this node, as it is set now, says at a moment of cluster time; for people.
    default Instant wallTimeOf(Instant clusterTime) {
        return clusterTime;
    }

    /// Is told of applied entries.
    @FunctionalInterface
    interface Watcher {
        /// One entry was applied. **Threads:** the thread that applies; must not block.
        void applied(ClusterState before, LogEntry entry, ClusterState after);

        /// The state was replaced by that of a snapshot: at the start, or on a node that was far behind.
        ///
        /// **Threads:** as [#applied].
        default void restored(ClusterState state) {}
    }
}
