package dev.mainstay.core.state;

import java.time.Duration;

/// Times of a resource that its monitor keeps; zero means: the type's default.
///
/// @param looksAliveInterval time between two LooksAlive calls
/// @param isAliveInterval time between two IsAlive calls
/// @param pendingTimeout longest time between two checkpoints of a pending operation
/// @param deadlockTimeout longest time of one call
public record Timing(
        Duration looksAliveInterval, Duration isAliveInterval, Duration pendingTimeout, Duration deadlockTimeout) {
    /// The type's defaults throughout.
    public static final Timing OF_TYPE = new Timing(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    /// These times, and those of `other` where none is set.
    public Timing or(Timing other) {
        return new Timing(
                either(looksAliveInterval, other.looksAliveInterval),
                either(isAliveInterval, other.isAliveInterval),
                either(pendingTimeout, other.pendingTimeout),
                either(deadlockTimeout, other.deadlockTimeout));
    }

    private static Duration either(Duration own, Duration otherwise) {
        return own.isZero() ? otherwise : own;
    }
}
