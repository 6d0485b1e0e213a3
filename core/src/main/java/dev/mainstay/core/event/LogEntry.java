package dev.mainstay.core.event;

import java.time.Instant;
import java.util.List;

/// What is written to the replicated log: one or more decisions of the leader.
///
/// @param baseRevision the revision it was decided on; at any other revision it is ignored by all alike
/// @param time cluster time: never goes back, and is no time of day
/// @param decisions what was decided, in order
/// @param wallTime what the leader's wall clock said; for people
public record LogEntry(long baseRevision, Instant time, List<Decided> decisions, Instant wallTime) {
    /// The events of one command.
    public record Decided(Cause cause, List<Event> events) {
        /// Copies the list.
        public Decided {
            events = List.copyOf(events);
        }
    }

    /// Copies the list. Before there was a wall time, cluster time was one.
    public LogEntry {
        decisions = List.copyOf(decisions);
        wallTime = wallTime.equals(Instant.EPOCH) ? time : wallTime;
    }

    /// An entry of which only cluster time is known.
    public LogEntry(long baseRevision, Instant time, List<Decided> decisions) {
        this(baseRevision, time, decisions, time);
    }
}
