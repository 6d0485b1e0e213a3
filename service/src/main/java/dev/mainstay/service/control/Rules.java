package dev.mainstay.service.control;

import dev.mainstay.core.decision.Command;
import dev.mainstay.core.decision.Deadlines;
import dev.mainstay.core.decision.Decider;
import dev.mainstay.core.decision.Decision;
import dev.mainstay.core.event.Event;
import dev.mainstay.core.event.Evolution;
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

    /// The rules of the cluster.
    static Rules ofCore() {
        return new Rules() {
            @Override
            public Decision decide(ClusterState state, Command command, Instant now) {
                return Decider.decide(state, command, now);
            }

            @Override
            public ClusterState evolve(ClusterState state, Event event) {
                return Evolution.evolve(state, event);
            }

            @Override
            public ClusterState apply(ClusterState state, LogEntry entry) {
                return Evolution.apply(state, entry);
            }

            @Override
            public Optional<Instant> nextDeadline(ClusterState state) {
                return Deadlines.next(state);
            }
        };
    }
}
