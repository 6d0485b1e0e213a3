package dev.mainstay.monitor.process;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Waits for what real processes do in their own time.
public final class Eventually {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(5);

    private Eventually() {}

    /// Waits until `holds`; gives up after ten seconds and says what `state` is then.
    public static void until(String what, BooleanSupplier holds, Supplier<?> state) {
        var until = System.nanoTime() + LIMIT.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() - until >= 0) {
                throw new AssertionError("not within %s: %s. State: %s".formatted(LIMIT, what, state.get()));
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
