package dev.mainstay.monitor.host;

import java.time.Instant;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The machine's clock and one thread for all timers: a queue ordered by due time, from which cancelled tasks are
/// taken at once.
public final class RealTime implements Time, AutoCloseable {
    private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1, task -> {
        var thread = new Thread(task, "timers");
        thread.setDaemon(true);
        return thread;
    });

    /// Starts with nothing scheduled.
    public RealTime() {
        timers.setRemoveOnCancelPolicy(true);
    }

    @Override
    public long micros() {
        var now = Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }

    @Override
    public Timer after(long delayMillis, Runnable task) {
        var scheduled = timers.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
        return () -> scheduled.cancel(false);
    }

    @Override
    public void close() {
        timers.shutdownNow();
    }
}
