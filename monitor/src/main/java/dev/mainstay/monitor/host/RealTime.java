package dev.mainstay.monitor.host;

import java.time.Instant;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The machine's clock and one thread for all timers: a queue ordered by due time, from which cancelled tasks are
/// taken at once.
///
/// Timers that are not short fall due on a common grid, so that the checks of thousands of resources wake this
/// process a hundred times a second at most.
public final class RealTime implements Time, AutoCloseable {
    /// The grid, in nanoseconds: far below what anybody plans checks by.
    private static final long GRID_NANOS = 10_000_000;

    /// Timers shorter than this are exact, in milliseconds: one step of the grid would be felt in them.
    private static final long EXACT_BELOW_MILLIS = 200;

    private final Consumer<Throwable> bug;
    private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1, task -> {
        var thread = new Thread(task, "timers");
        thread.setDaemon(true);
        return thread;
    });

    /// Starts with nothing scheduled.
    ///
    /// @param bug is told what a task threw
    public RealTime(Consumer<Throwable> bug) {
        this.bug = bug;
        timers.setRemoveOnCancelPolicy(true);
    }

    @Override
    public long micros() {
        var now = Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Timer after(long delayMillis, Runnable task) {
        long delay = TimeUnit.MILLISECONDS.toNanos(delayMillis);
        if (delayMillis >= EXACT_BELOW_MILLIS) {
            delay += GRID_NANOS - Math.floorMod(System.nanoTime() + delay, GRID_NANOS);
        }
        var scheduled = timers.schedule(() -> run(task), delay, TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    /// A task that throws would be forgotten silently by the executor.
    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error thrown) {
            bug.accept(thrown);
        }
    }

    @Override
    public void close() {
        timers.shutdownNow();
    }
}
