package dev.mainstay.service.monitors;

import java.time.Duration;

/// How long to wait before a monitor is started again: not at all the first time, then longer each time it does
/// not last.
///
/// **Threads:** one.
final class RestartDelay {
    /// A monitor that was attached this long has lasted: its next end counts as the first.
    static final Duration LASTING = Duration.ofSeconds(30);
    /// Longest wait; an operator who repaired the cause does not want to wait longer.
    static final Duration LONGEST = Duration.ofSeconds(30);

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private int ends;

    /// The wait after a monitor that was attached for `lasted` ended.
    Duration afterEnd(Duration lasted) {
        ends = lasted.compareTo(LASTING) >= 0 ? 1 : ends + 1;
        if (ends == 1) {
            return Duration.ZERO;
        }
        var doubled = SHORTEST.multipliedBy(1L << Math.min(ends - 2, 10));
        return doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    }
}
