package dev.mainstay.monitor.host;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Time that passes only when a test says so.
final class HandDrivenTime implements Time {
    private final AtomicLong micros = new AtomicLong(1_800_000_000_000_000L);
    private final List<Task> tasks = new ArrayList<>();

    private record Task(long dueMicros, Runnable run) {}

    @Override
    public long micros() {
        return micros.get();
    }

    @Override
    public long nanos() {
        return micros.get() * 1_000;
    }

    @Override
    public Timer after(long delayMillis, Runnable run) {
        return at(micros.get() + delayMillis * 1_000, run);
    }

    @Override
    public long together(long nanos) {
        return nanos;
    }

    @Override
    public Timer check(long nanos, Runnable run) {
        return at(nanos / 1_000, () -> Thread.ofVirtual().start(run));
    }

    @Override
    public void soon(Runnable task) {
        Thread.ofVirtual().start(task);
    }

    private Timer at(long dueMicros, Runnable run) {
        var task = new Task(dueMicros, run);
        synchronized (tasks) {
            tasks.add(task);
        }
        return () -> {
            synchronized (tasks) {
                tasks.remove(task);
            }
        };
    }

    /// Lets time pass and runs what falls due.
    void pass(long millis) {
        long until = micros.addAndGet(millis * 1_000);
        List<Task> due;
        synchronized (tasks) {
            due = tasks.stream()
                    .filter(task -> task.dueMicros() <= until)
                    .sorted(Comparator.comparingLong(Task::dueMicros))
                    .toList();
            tasks.removeAll(due);
        }
        due.forEach(task -> task.run().run());
    }

    /// How many tasks wait.
    int waiting() {
        synchronized (tasks) {
            return tasks.size();
        }
    }
}
