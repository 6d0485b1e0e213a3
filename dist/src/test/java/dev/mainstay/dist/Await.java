package dev.mainstay.dist;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Waits for real processes; says how things stand when it gives up.
final class Await {
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(20);

    private Await() {}

    /// Waits until `condition` holds.
    ///
    /// @param limit generous: a loaded machine must not fail a test
    /// @param state what to print when the limit is reached
    static void until(String what, Duration limit, Supplier<String> state, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited %d s for: %s%n%s".formatted(limit.toSeconds(), what, state.get()));
            }
            pause();
        }
    }

    /// Makes sure that `condition` holds all the time.
    static void during(String what, Duration span, Supplier<String> state, BooleanSupplier condition) {
        long end = System.nanoTime() + span.toNanos();
        while (System.nanoTime() < end) {
            if (!condition.getAsBoolean()) {
                throw new AssertionError("did not last: %s%n%s".formatted(what, state.get()));
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_INTERVAL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting", e);
        }
    }
}
