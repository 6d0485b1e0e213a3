package dev.mainstay.monitor.host;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The machine's clock and one thread for all timers, which keeps no timer that was cancelled.
///
/// Checks that are not frequent fall due on a common grid: those of thousands of resources wake this process fifty
/// times a second at most, and all of one step of the grid are one timer.
public final class RealTime implements Time, AutoCloseable {
    /// The grid, in nanoseconds: far below what anybody plans checks by, and a divisor of whole seconds. To wake
    /// up costs as much as ten checks.
    static final long GRID_NANOS = 20_000_000;

    private final Consumer<Throwable> bug;
    /// What falls due in each step of the grid, in the order in which it was asked for, with nothing in the place
    /// of what was cancelled; changed only while its number is being computed here, and not any more once it was
    /// taken out. Tens of thousands wait here, so each is as small as can be: a collection of garbage moves all.
    private final ConcurrentHashMap<Long, List<@Nullable OnGrid>> steps = new ConcurrentHashMap<>();
    private final Rounds checks = new Rounds(this::nanos, true);
    private final Rounds tasks = new Rounds(this::nanos, false);
    private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1, task -> {
        var thread = new Thread(task, "timers");
        thread.setDaemon(true);
        return thread;
    });

    private final class OnGrid implements Timer, Runnable {
        private final long number;
        private final Runnable check;
        // Set while its step is being computed.
        private int place;
        private volatile boolean cancelled;

        OnGrid(long number, Runnable check) {
            this.number = number;
            this.check = check;
        }

        @Override
        public void run() {
            if (!cancelled) {
                RealTime.this.run(check);
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            steps.computeIfPresent(number, (_, step) -> {
                // the number may have a new step by now
                if (place < step.size() && step.get(place) == this) {
                    step.set(place, null);
                }
                return step;
            });
        }
    }

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
        var scheduled = timers.schedule(() -> run(task), delayMillis, TimeUnit.MILLISECONDS);
        return () -> scheduled.cancel(false);
    }

    @Override
    public long together(long nanos) {
        return Math.floorDiv(nanos + GRID_NANOS / 2, GRID_NANOS) * GRID_NANOS;
    }

    @Override
    public Timer check(long nanos, Runnable check) {
        if (together(nanos) != nanos) {
            var scheduled = timers.schedule(
                    () -> make(checks, List.of(() -> run(check))), nanos - nanos(), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        }
        var timer = new OnGrid(nanos / GRID_NANOS, check);
        steps.compute(timer.number, (number, known) -> {
            var step = known == null ? plan(number) : known;
            timer.place = step.size();
            step.add(timer);
            return step;
        });
        return timer;
    }

    @Override
    public void soon(Runnable task) {
        make(tasks, List.of(() -> run(task)));
    }

    private List<@Nullable OnGrid> plan(long number) {
        var _ = timers.schedule(() -> ring(number), number * GRID_NANOS - nanos(), TimeUnit.NANOSECONDS);
        return new ArrayList<>();
    }

    private void ring(long number) {
        var step = steps.remove(number);
        if (step != null) {
            make(checks, step.stream().filter(Objects::nonNull).toList());
            make(tasks, List.of());
        }
    }

    /// The next step looks after what is made, even if nothing else falls due in it.
    private void make(Rounds rounds, Collection<? extends Runnable> due) {
        if (rounds.make(due)) {
            steps.computeIfAbsent(Math.floorDiv(nanos(), GRID_NANOS) + 1, this::plan);
        }
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
