package dev.mainstay.service.http;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/// Keeps a client that misbehaves from filling the log of the cluster service.
///
/// **Threads:** any.
final class RateLimit {
    /// Lines within one span; a person at a terminal does not come near it.
    static final int MOST_LINES = 10;

    /// The span that the lines are counted in.
    static final Duration SPAN = Duration.ofSeconds(10);

    private final LongSupplier nanoTime;
    private long spanBegan;
    private int lines;
    private long skipped;

    RateLimit(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.spanBegan = nanoTime.getAsLong();
    }

    /// Whether a line may be written now; if so, how many were skipped since the last one.
    synchronized OptionalLong admit() {
        var now = nanoTime.getAsLong();
        if (now - spanBegan >= SPAN.toNanos()) {
            spanBegan = now;
            lines = 0;
        }
        if (lines >= MOST_LINES) {
            skipped++;
            return OptionalLong.empty();
        }
        lines++;
        var before = skipped;
        skipped = 0;
        return OptionalLong.of(before);
    }
}
