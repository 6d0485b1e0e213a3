package dev.mainstay.core.state;

import java.time.Instant;

/// Whether somebody works on a resource, so that the cluster neither starts, stops nor moves it of its own accord.
///
/// @param on whether it is so
/// @param reason why, in the words of whoever began it; may be empty
/// @param by who began it
/// @param since when it began
/// @param spent the last attempt that may not be started any more; what a command permits is above it
/// @param revision the revision at which it last began or ended
public record Maintenance(boolean on, String reason, String by, Instant since, long spent, long revision) {
    /// Nobody has ever worked on it.
    public static final Maintenance NONE = new Maintenance(false, "", "", Instant.EPOCH, 0, 0);

    /// This maintenance after an attempt was taken.
    Maintenance spending(long attempt) {
        return attempt > spent ? new Maintenance(on, reason, by, since, attempt, revision) : this;
    }

    /// This maintenance at its end.
    public Maintenance ended(long at) {
        return new Maintenance(false, "", "", Instant.EPOCH, 0, at);
    }

    /// Such as `in maintenance since 2026-12-01 10:00:00 UTC by user anna: new disk`.
    @Override
    public String toString() {
        return "in maintenance since %s by %s%s".formatted(Words.of(since), by, reason.isEmpty() ? "" : ": " + reason);
    }
}
