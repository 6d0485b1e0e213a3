package dev.mainstay.service.control;

import dev.mainstay.core.decision.Command;
import dev.mainstay.core.decision.Decision;
import dev.mainstay.core.event.Event;
import dev.mainstay.core.event.LogEntry;
import dev.mainstay.core.state.ClusterState;
import java.time.Instant;
import java.util.Optional;

/// The pure functions that the controller calls; tests bring smaller ones.
///
/// **Threads:** any; the answers depend on the arguments only.
public interface Rules {
    /// What follows from a command.
    Decision decide(ClusterState state, Command command, Instant now);

    /// The state after one event of an entry that is not finished yet.
    ClusterState evolve(ClusterState state, Event event);

    /// The state after an entry.
    ClusterState apply(ClusterState state, LogEntry entry);

    /// When time itself next calls for a decision.
    Optional<Instant> nextDeadline(ClusterState state);
}
