package dev.mainstay.service.monitors;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/// How long to wait before a monitor is started again: not at all after the first crash within the window, then
/// longer after each.
///
/// Crashes are counted within a window, not in a row: a monitor that lives a while each time is not started again
/// at once for ever.
///
/// **Threads:** one.
final class RestartDelay {
    /// A crash is forgotten after this time.
    static final Duration WINDOW = Duration.ofHours(1);
    /// Longest wait; an operator who repaired the cause does not want to wait longer.
    static final Duration LONGEST = Duration.ofSeconds(60);

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final int COUNTED_MAX = 10_000;

    private final Deque<Crash> crashes = new ArrayDeque<>();

    private record Crash(long atNanos, boolean causeRemoved) {}

    /// The wait after a crash.
    ///
    /// @param causeRemoved whether what caused it will be hosted elsewhere: it is counted but makes nobody wait
    Duration afterCrash(long nowNanos, boolean causeRemoved) {
        if (crashes.size() == COUNTED_MAX) {
            crashes.removeFirst();
        }
        crashes.addLast(new Crash(nowNanos, causeRemoved));
        forgetOld(nowNanos);
        var counted = crashes.stream().filter(crash -> !crash.causeRemoved).count();
        if (causeRemoved || counted <= 1) {
            return Duration.ZERO;
        }
        var doubled = SHORTEST.multipliedBy(1L << Math.min(counted - 2, 10));
        return doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    }

    /// The crashes within the window.
    int crashes(long nowNanos) {
        forgetOld(nowNanos);
        return crashes.size();
    }

    private void forgetOld(long nowNanos) {
        crashes.removeIf(crash -> nowNanos - crash.atNanos > WINDOW.toNanos());
    }
}
