package dev.mainstay.service.monitors;

import dev.mainstay.protocol.ToService.Deadlocked;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Finds out how a process ended, and keeps the evidence of it.
///
/// @param how in words, such as `ended with exit code 1`
/// @param output its last output
/// @param suspects whose calls were under way
record Ended(String monitor, long pid, String how, String output, Suspects suspects) {
    /// What a monitor ends with that cannot go on.
    private static final String GAVE_UP = "ended with exit code 70";

    /// It ended because it was told to.
    Ending inGoodOrder(boolean replaced) {
        return new Ending(
                replaced ? Ending.Kind.REPLACED : Ending.Kind.ENDED,
                pid,
                Instant.now(),
                replaced ? "an operator had it replaced" : "nothing needed it",
                Optional.empty(),
                "");
    }

    /// It was killed because it did not answer: that blames no call that was under way.
    ///
    /// @param why in words, with since when
    /// @param seen what the kernel showed of it before
    Ending silent(String why, String seen, Evidence evidence) {
        var now = Instant.now();
        var kept = evidence.write(
                monitor,
                now,
                "monitor '%s' (pid %d) at %s: %s%n%n%s%n%s%n".formatted(monitor, pid, now, why, seen, output));
        return new Ending(Ending.Kind.CRASHED, pid, now, why + ": it was killed", Optional.empty(), kept);
    }

    /// Nobody told it to end.
    ///
    /// @param byItself whether it was gone before it was killed
    /// @param notStarted why it never connected, or empty
    Ending unasked(boolean byItself, Optional<Deadlocked> deadlock, String notStarted, Evidence evidence) {
        var now = Instant.now();
        // On a starved node the last words are lost; what was written down before them is not.
        var known = deadlock.or(() -> how.equals(GAVE_UP) ? evidence.culprit(monitor, pid, now) : Optional.empty());
        if (known.isPresent()) {
            var kept = evidence.keep(known.get().evidence());
            return new Ending(Ending.Kind.DEADLOCKED, pid, now, words(known.get()), known, kept);
        }
        if (!notStarted.isEmpty()) {
            return new Ending(Ending.Kind.NOT_STARTED, pid, now, notStarted, Optional.empty(), "");
        }
        var suspected = byItself ? evidenceOr(evidence, now) : Suspects.NONE;
        var what = byItself ? how + suspected.words() : "its connection ended while it ran on: it was killed";
        var reason = output.isEmpty() ? what : "%s; its last output: %s".formatted(what, output);
        var kept = evidence.write(
                monitor, now, "monitor '%s' (pid %d) at %s: %s%n%s%n".formatted(monitor, pid, now, what, output));
        return new Ending(Ending.Kind.CRASHED, pid, now, reason, Optional.empty(), kept, suspected);
    }

    /// A monitor that met a bug of its own knows which resource it handled.
    private Suspects evidenceOr(Evidence evidence, Instant now) {
        return how.equals(GAVE_UP) ? evidence.suspect(monitor, pid, now) : suspects;
    }

    private static String words(Deadlocked deadlock) {
        var since =
                Instant.EPOCH.plus(deadlock.sinceMicros(), ChronoUnit.MICROS).truncatedTo(ChronoUnit.MILLIS);
        if (!deadlock.summary().isEmpty()) {
            return deadlock.sinceMicros() == 0
                    ? deadlock.summary()
                    : "%s (since %s)".formatted(deadlock.summary(), since);
        }
        return "entry point '%s' of '%s' has not returned since %s, its deadlock timeout is %d ms"
                .formatted(
                        deadlock.call(),
                        deadlock.resource().isEmpty() ? deadlock.type() : deadlock.resource(),
                        since,
                        deadlock.limitMillis());
    }
}
