package dev.mainstay.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.time.Duration;

/// For how long the machine has been up: a clock that nobody sets.
///
/// Unlike `System.nanoTime` it counts the time that the machine was suspended, and it means the same to every
/// process of one boot.
///
/// **Threads:** any.
public final class Uptime {
    private static final long CLOCK_BOOTTIME = 7;
    private static final long TIMESPEC_BYTES = 16;

    private Uptime() {}

    /// Such as 3 days, to the nanosecond.
    public static Duration now() {
        try (var arena = Arena.ofConfined()) {
            var time = SystemCall.allocate(arena, TIMESPEC_BYTES);
            SystemCall.demand("reading the time since boot", SystemCall.CLOCK_GET_TIME, CLOCK_BOOTTIME, time.address());
            return Duration.ofSeconds(time.get(JAVA_LONG, 0), time.get(JAVA_LONG, Long.BYTES));
        }
    }
}
