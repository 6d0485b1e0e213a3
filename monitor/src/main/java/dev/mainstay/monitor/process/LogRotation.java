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
    /// Bounds the overrun of a quiet log that turns busy; 1,000 quiet logs cost some 0.2 % of a core.
    private static final Duration QUIET_INTERVAL = Duration.ofSeconds(5);
    /// Bounds the overrun of a busy one: at 100 MB/s it exceeds its limit by some 25 MB.
    private static final Duration BUSY_INTERVAL = Duration.ofMillis(250);

    private record Watched(LogFile log, long size, long lookedAt) {}

    private final Map<Path, Watched> watched = new ConcurrentHashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("log-rotation").factory());

    /// Watches the log from now on; one already watched gets the new limits.
    void watch(LogFile log) {
        var known = watched.put(log.path(), new Watched(log, log.size(), System.nanoTime()));
        if (known == null) {
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
        var now = new Watched(log, log.size(), System.nanoTime());
        watched.put(path, now);
        lookAfter(path, pause(before, now));
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
