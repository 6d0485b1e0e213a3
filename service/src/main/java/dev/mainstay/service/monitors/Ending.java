package dev.mainstay.service.monitors;

import dev.mainstay.protocol.ToService.Deadlocked;
import java.time.Instant;
import java.util.Optional;

/// How the process of a monitor ended.
///
/// @param pid the process it was
/// @param reason in words, with exit code or signal and its last output where they tell something
/// @param deadlock the call that did not return, if one ended it
/// @param evidence the file that holds the evidence, or empty
public record Ending(Kind kind, long pid, Instant at, String reason, Optional<Deadlocked> deadlock, String evidence) {
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
        return deadlock.map(Deadlocked::resource).filter(name -> !name.isEmpty());
    }
}
