package dev.mainstay.service.node;

import java.time.Instant;
import java.time.InstantSource;

/// Time to measure spans by: it begins with the wall clock's and goes on whatever that is set to later.
///
/// **Threads:** any.
final class SteadyTime implements InstantSource {
    private final Instant begin = Instant.now();
    private final long beginNanos = System.nanoTime();

    @Override
    public Instant instant() {
        return begin.plusNanos(System.nanoTime() - beginNanos);
    }
}
