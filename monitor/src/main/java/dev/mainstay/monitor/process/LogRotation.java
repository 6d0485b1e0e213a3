package dev.mainstay.monitor.process;

import dev.mainstay.linux.UserAccount;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Keeps logs within their limits while the monitor lives; a log that grows fast is looked at more often. It also
/// notices when a log is no longer the file that its program writes.
///
/// Without a monitor logs just grow; the next monitor that adopts the process rotates them again. One whose disk
/// or file server is silent keeps the thread that looks at it, and is left out until that returns: the others go
/// on.
final class LogRotation implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LogRotation.class.getName());
    /// Bounds the overrun of a quiet log that turns busy. All quiet logs are looked at together: a thousand
    /// wake-ups would cost more than a thousand looks.
    private static final Duration QUIET_INTERVAL = Duration.ofSeconds(10);
    /// Bounds the overrun of a busy one: at 100 MB/s it exceeds its limit by some 25 MB.
    private static final Duration BUSY_INTERVAL = Duration.ofMillis(250);

    /// The program that has a log open.
    ///
    /// @param inode which file it writes; -1 when that is not known
    /// @param told is given what became of that file; an empty text when all is well again
    record Writer(long inode, BooleanSupplier runs, Consumer<String> told) {}

    /// @param busy whether it has a look of its own to come
    /// @param trouble what was said of it last
    private record Watched(
            LogFile log, Optional<Writer> writer, long size, long lookedAt, boolean busy, String trouble) {
        Watched seen(long size, boolean busy, String trouble) {
            return new Watched(log, writer, size, System.nanoTime(), busy, trouble);
        }
    }

    private final Map<Path, Watched> watched = new ConcurrentHashMap<>();
    private final Set<Path> underWay = ConcurrentHashMap.newKeySet();
    /// Tells just when; it touches no file.
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("log-rotation").factory());

    LogRotation() {
        var _ = clock.scheduleWithFixedDelay(
                this::lookAtQuiet, QUIET_INTERVAL.toMillis(), QUIET_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Watches the log from now on; one already watched gets the new limits and keeps its writer.
    void watch(LogFile log) {
        watch(log, Optional.empty());
    }

    /// Watches the log of a program that stays.
    void watch(LogFile log, Writer writer) {
        watch(log, Optional.of(writer));
    }

    private void watch(LogFile log, Optional<Writer> writer) {
        var known = watched.get(log.path());
        var kept = writer.isPresent() || known == null ? writer : known.writer();
        watched.put(log.path(), new Watched(log, kept, 0, System.nanoTime(), true, ""));
        if (known == null || !known.busy()) {
            lookAfter(log.path(), BUSY_INTERVAL);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    private void lookAfter(Path path, Duration pause) {
        if (!clock.isShutdown()) {
            var _ = clock.schedule(() -> lookApart(path), pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void lookApart(Path path) {
        var log = watched.get(path);
        if (log != null) {
            look(log.log().rights(), List.of(path));
        }
    }

    private void lookAtQuiet() {
        var quiet = new HashMap<Optional<UserAccount>, List<Path>>();
        watched.forEach((path, log) -> {
            if (!log.busy() && !underWay.contains(path)) {
                quiet.computeIfAbsent(log.log().rights(), _ -> new java.util.ArrayList<>())
                        .add(path);
            }
        });
        quiet.forEach(this::look);
    }

    /// Looks at logs one after another, on a thread with the rights of their user.
    private void look(Optional<UserAccount> rights, List<Path> paths) {
        Thread.ofPlatform().daemon().name("log-look").start(() -> {
            try {
                if (rights.isPresent()) {
                    rights.get().takeFileRights();
                }
            } catch (IOException e) {
                LOG.log(Level.WARNING, "logs {0} are not rotated: {1}", paths, e.getMessage());
                return;
            }
            for (var path : paths) {
                if (underWay.add(path)) {
                    try {
                        look(path);
                    } finally {
                        underWay.remove(path);
                    }
                }
            }
        });
    }

    private void look(Path path) {
        var before = watched.get(path);
        if (before == null) {
            return;
        }
        long size = 0;
        var trouble = "";
        try {
            var look = before.log().look();
            size = Math.max(0, look.size());
            trouble = before.writer()
                    .filter(writer -> writer.runs().getAsBoolean())
                    .map(writer -> lost(path, look, writer.inode()))
                    .orElse("");
        } catch (IOException e) {
            trouble = "log '%s' cannot be rotated: %s".formatted(path, e.getMessage());
        }
        var pause = pause(before, size);
        var busy = pause.compareTo(QUIET_INTERVAL) < 0;
        // one that was watched anew meanwhile has a look of its own to come
        var after = before.seen(size, busy, trouble);
        var kept = watched.computeIfPresent(path, (_, now) -> now.equals(before) ? after : now);
        if (!trouble.equals(before.trouble())) {
            tell(before, trouble);
        }
        if (busy || !after.equals(kept)) {
            lookAfter(path, pause);
        }
    }

    private static String lost(Path path, LogFile.Look look, long inode) {
        if (look.inode() == inode || inode < 0) {
            return "";
        }
        return "log '%s' was %s while its program runs: what it prints goes to the file of before, which has lost its name. Restart the resource; to rotate logs, set logSize instead"
                .formatted(path, look.inode() < 0 ? "removed" : "replaced");
    }

    private static void tell(Watched log, String trouble) {
        if (log.writer().isPresent()) {
            log.writer().get().told().accept(trouble);
        } else if (!trouble.isEmpty()) {
            LOG.log(Level.WARNING, trouble);
        }
    }

    /// A quarter of the time in which the log would fill at the rate just seen.
    private static Duration pause(Watched before, long size) {
        var grown = Math.max(1, size - before.size());
        if (size < before.size()) {
            return BUSY_INTERVAL;
        }
        var seconds = Math.max(1e-3, (System.nanoTime() - before.lookedAt()) / 1e9);
        var untilFull = (double) Math.max(0, before.log().limits().bytes() - size) / (grown / seconds);
        var pause = Duration.ofMillis((long) Math.min((double) QUIET_INTERVAL.toMillis(), untilFull / 4 * 1000));
        return pause.compareTo(BUSY_INTERVAL) < 0 ? BUSY_INTERVAL : pause;
    }
}
