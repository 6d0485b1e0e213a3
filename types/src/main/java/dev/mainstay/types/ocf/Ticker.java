package dev.mainstay.types.ocf;

import java.time.Duration;
import java.util.function.LongConsumer;

/// Tells how many minutes something takes, for as long as it takes.
record Ticker(Thread thread) implements AutoCloseable {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    static Ticker start(LongConsumer minute) {
        return new Ticker(Thread.ofVirtual().name("minutes").start(() -> {
            try {
                for (long passed = 1; ; passed++) {
                    Thread.sleep(MINUTE);
                    minute.accept(passed);
                }
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
