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
/// @param maintenance whether somebody works on it
/// @param ending the last attempt that is to be ended because somebody asked for a restart
/// @param failing the attempt that is to be treated as failed, and why
public record ResourceStatus(
        Wanted wanted,
        long attempt,
        List<Instant> restarts,
        Recovery recovery,
        Observed observed,
        Maintenance maintenance,
        long ending,
        Failing failing) {
    /// An attempt that is to be treated as failed; 0 for none.
    public record Failing(long attempt, String why) {
        static final Failing NOTHING = new Failing(0, "");
    }

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

    /// The status of a new resource: as its group, in its first attempt.
    public static ResourceStatus of(Observed unseen) {
        return new ResourceStatus(
                Wanted.AS_GROUP, 1, List.of(), new Recovery.None(), unseen, Maintenance.NONE, 0, Failing.NOTHING);
    }

    /// Whether it is taken offline only to come online again.
    public boolean restarting() {
        return ending >= attempt;
    }

    /// Whether somebody works on it and no command permits its start.
    public boolean heldBack() {
        return maintenance.on() && attempt <= maintenance.spent();
    }

    /// This status with another persistent state.
    public ResourceStatus wanting(Wanted other) {
        return new ResourceStatus(other, attempt, restarts, recovery, observed, maintenance, ending, failing);
    }

    /// This status after a report. A start that was seen in maintenance is not repeated.
    public ResourceStatus reported(Observed report) {
        var after = maintenance.on() ? maintenance.spending(Math.min(report.attempt(), attempt)) : maintenance;
        return new ResourceStatus(wanted, attempt, restarts, recovery, report, after, ending, failing);
    }

    /// This status with a decision about its failure.
    public ResourceStatus recovering(Recovery decided) {
        return new ResourceStatus(wanted, attempt, restarts, decided, observed, maintenance, ending, failing);
    }

    /// This status with its next attempt permitted and the restarts that still count.
    public ResourceStatus permitted(List<Instant> counted) {
        return new ResourceStatus(
                wanted, attempt + 1, counted, new Recovery.None(), observed, maintenance, ending, failing);
    }

    /// This status as if it had never been restarted.
    public ResourceStatus forgettingRestarts() {
        return new ResourceStatus(wanted, attempt, List.of(), recovery, observed, maintenance, ending, failing);
    }

    /// This status while somebody works on it, or no longer.
    public ResourceStatus maintained(Maintenance other) {
        return new ResourceStatus(wanted, attempt, restarts, recovery, observed, other, ending, failing);
    }

    /// This status with its attempt to be ended, so that the next one can begin.
    public ResourceStatus endingAttempt() {
        return new ResourceStatus(wanted, attempt, restarts, recovery, observed, maintenance, attempt, failing);
    }

    /// This status with its attempt to be treated as failed.
    public ResourceStatus failing(String why) {
        return new ResourceStatus(
                wanted, attempt, restarts, recovery, observed, maintenance, ending, new Failing(attempt, why));
    }
}
