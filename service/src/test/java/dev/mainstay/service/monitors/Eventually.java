package dev.mainstay.service.monitors;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Waits for another process, with a deadline.
public final class Eventually {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Eventually() {}

    /// Waits until `holds`; past the limit it fails and shows `state`.
    public static void eventually(String what, BooleanSupplier holds, Supplier<Object> state)
            throws InterruptedException {
        long until = System.nanoTime() + LIMIT.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("%s: not within %d s; now %s".formatted(what, LIMIT.toSeconds(), state.get()));
            }
            Thread.sleep(10);
        }
    }
}
