package dev.mainstay.monitor.process;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Keeps logs within their limits while the monitor lives; a log that grows fast is looked at more often.
///
/// Without a monitor logs just grow; the next monitor that adopts the process rotates them again.
final class LogRotation implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LogRotation.class.getName());
    /// Bounds the overrun of a quiet log that turns busy. All quiet logs are looked at together: a thousand
    /// wake-ups would cost more than a thousand looks.
    private static final Duration QUIET_INTERVAL = Duration.ofSeconds(10);
    /// Bounds the overrun of a busy one: at 100 MB/s it exceeds its limit by some 25 MB.
    private static final Duration BUSY_INTERVAL = Duration.ofMillis(250);

    /// @param busy whether it has a look of its own to come
    private record Watched(LogFile log, long size, long lookedAt, boolean busy) {}

    private final Map<Path, Watched> watched = new ConcurrentHashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("log-rotation").factory());

    LogRotation() {
        var _ = thread.scheduleWithFixedDelay(
                this::lookAtQuiet, QUIET_INTERVAL.toMillis(), QUIET_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Watches the log from now on; one already watched gets the new limits.
    void watch(LogFile log) {
        var known = watched.put(log.path(), new Watched(log, log.size(), System.nanoTime(), true));
        if (known == null || !known.busy()) {
            lookAfter(log.path(), BUSY_INTERVAL);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void lookAfter(Path path, Duration pause) {
        if (!thread.isShutdown()) {
            var _ = thread.schedule(() -> look(path), pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void lookAtQuiet() {
        watched.forEach((path, log) -> {
            if (!log.busy()) {
                look(path);
            }
        });
    }

    private void look(Path path) {
        var before = watched.get(path);
        if (before == null) {
            return;
        }
        var log = before.log();
        try {
            log.rotateWhenFull();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "log ''{0}'' cannot be rotated: {1}", path, e.toString());
        }
        var size = log.size();
        var at = System.nanoTime();
        var pause = pause(before, new Watched(log, size, at, true));
        var busy = pause.compareTo(QUIET_INTERVAL) < 0;
        watched.put(path, new Watched(log, size, at, busy));
        if (busy) {
            lookAfter(path, pause);
        }
    }

    /// A quarter of the time in which the log would fill at the rate just seen.
    private static Duration pause(Watched before, Watched now) {
        var grown = Math.max(1, now.size() - before.size());
        if (now.size() < before.size()) {
            return BUSY_INTERVAL;
        }
        var seconds = (now.lookedAt() - before.lookedAt()) / 1e9;
        var untilFull = (double) Math.max(0, now.log().limits().bytes() - now.size()) / (grown / seconds);
        var pause = Duration.ofMillis((long) Math.min((double) QUIET_INTERVAL.toMillis(), untilFull / 4 * 1000));
        return pause.compareTo(BUSY_INTERVAL) < 0 ? BUSY_INTERVAL : pause;
    }
}
