package dev.mainstay.core.event;

import java.time.Instant;
import java.util.List;

/// What is written to the replicated log: one or more decisions of the leader.
///
/// @param baseRevision the revision it was decided on; at any other revision it is ignored by all alike
/// @param time cluster time
/// @param decisions what was decided, in order
public record LogEntry(long baseRevision, Instant time, List<Decided> decisions) {
    /// The events of one command.
    public record Decided(Cause cause, List<Event> events) {
        /// Copies the list.
        public Decided {
            events = List.copyOf(events);
        }
    }

    /// Copies the list.
    public LogEntry {
        decisions = List.copyOf(decisions);
    }
}
