package dev.mainstay.core.state;

import java.time.Instant;

/// What is decided about a resource that failed.
public sealed interface Recovery {
    /// Nothing: it has not failed, or its next attempt is permitted already.
    record None() implements Recovery {}

    /// It starts again in place at `due`.
    record RestartAt(Instant due, Reason reason) implements Recovery {}

    /// It stays failed until `due`, then gets one more attempt with counters at zero.
    record RetryAt(Instant due, Reason reason) implements Recovery {}

    /// It stays failed until an operator acts.
    record StayFailed(Reason reason) implements Recovery {}
}
