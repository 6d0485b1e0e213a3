package dev.mainstay.core.state;

import java.time.Instant;
import java.util.List;

/// What was wanted, decided and observed of a resource.
///
/// @param wanted whether it follows its group's persistent state or has one of its own
/// @param attempt number of starts permitted so far; a monitor that failed in this attempt waits for the next
/// @param restarts when it was restarted on this owner within the restart period, oldest first
/// @param recovery what is decided about its last failure
/// @param observed the last report
public record ResourceStatus(
        Wanted wanted, long attempt, List<Instant> restarts, Recovery recovery, Observed observed) {
    /// The persistent state of a resource.
    public enum Wanted {
        /// As its group.
        AS_GROUP,
        /// Online, whatever the group says.
        ONLINE,
        /// Offline, whatever the group says.
        OFFLINE
    }

    /// Copies the list.
    public ResourceStatus {
        restarts = List.copyOf(restarts);
    }

    /// This status with another persistent state.
    public ResourceStatus wanting(Wanted other) {
        return new ResourceStatus(other, attempt, restarts, recovery, observed);
    }

    /// This status after a report.
    public ResourceStatus reported(Observed report) {
        return new ResourceStatus(wanted, attempt, restarts, recovery, report);
    }

    /// This status with a decision about its failure.
    public ResourceStatus recovering(Recovery decided) {
        return new ResourceStatus(wanted, attempt, restarts, decided, observed);
    }

    /// This status with its next attempt permitted and the restarts that still count.
    public ResourceStatus permitted(List<Instant> counted) {
        return new ResourceStatus(wanted, attempt + 1, counted, new Recovery.None(), observed);
    }
}
