package dev.mainstay.service.monitors;

import dev.mainstay.protocol.ToService.Deadlocked;
import dev.mainstay.service.monitors.Suspects.Suspect;
import java.time.Instant;
import java.util.Optional;

/// How the process of a monitor ended.
///
/// @param pid the process it was
/// @param reason in words, with exit code or signal and its last output where they tell something
/// @param deadlock the call that did not return, if one ended it
/// @param evidence the file that holds the evidence, or empty
/// @param suspects whose calls were under way when it crashed
public record Ending(
        Kind kind,
        long pid,
        Instant at,
        String reason,
        Optional<Deadlocked> deadlock,
        String evidence,
        Suspects suspects) {
    /// An end for which nobody is suspected.
    public Ending(Kind kind, long pid, Instant at, String reason, Optional<Deadlocked> deadlock, String evidence) {
        this(kind, pid, at, reason, deadlock, evidence, Suspects.NONE);
    }

    /// What ended it.
    public enum Kind {
        /// It ended in good order, as it was told.
        ENDED,
        /// An operator had it replaced.
        REPLACED,
        /// It died.
        CRASHED,
        /// A call did not return.
        DEADLOCKED,
        /// It never connected.
        NOT_STARTED
    }

    /// Whether it counts as a crash.
    public boolean isCrash() {
        return switch (kind) {
            case ENDED, REPLACED -> false;
            case CRASHED, DEADLOCKED, NOT_STARTED -> true;
        };
    }

    /// The resource whose call ended it, if that is known.
    public Optional<String> culprit() {
        return deadlock.map(Deadlocked::resource)
                .or(() -> suspects.culprit().map(Suspect::resource))
                .filter(name -> !name.isEmpty());
    }
}
