package dev.mainstay.api;

import io.avaje.jsonb.Json;
import java.util.Objects;

/// What ends when a cluster service was told to.
///
/// @param outcome always `pending`: it answers before it ends
/// @param message what happens now, in one sentence
/// @param revision the revision at that moment
/// @param pid of its process, in its own namespace of processes; 0 when it did not say
/// @param started when that process was started, RFC 3339: with the pid it says which process is meant; empty when
///     it did not say
@Json
public record StopView(String outcome, String message, long revision, long pid, String started) {
    /// Takes an answer without the process, too: a service of an older version gives none.
    public StopView {
        started = Objects.requireNonNullElse(started, "");
    }
}
