package dev.mainstay.service.monitors;

import dev.mainstay.linux.ProcessTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// How much processor time the threads of a process got and for how long they waited for one, as the kernel counts
/// it: it tells one that does not go on from one that is not let.
///
/// @param waitedNanos how long its threads were ready and had no processor, all together
/// @param stopped whether a signal or a debugger stopped it
/// @param stalled whether the whole machine mostly waits for memory or disks
record Effort(long waitedNanos, boolean stopped, boolean stalled) {
    /// Percent of the last ten seconds in which nothing on the machine went on for want of memory or a disk.
    private static final double STALLED_PERCENT = 40;

    private static final int SCHEDSTAT_WAITED = 1;

    /// What is known of a process now; nothing when it has ended.
    static Optional<Effort> of(long pid) {
        return ProcessTable.read(pid)
                .map(entry -> new Effort(
                        waited(pid), entry.state() == 'T' || entry.state() == 't', stalled("memory") || stalled("io")));
    }

    /// Whether it was kept from going on since `before`, which is `span` ago.
    boolean starvedSince(Effort before, Duration span) {
        return !stopped && (stalled || waitedNanos - before.waitedNanos >= span.toNanos() / 2);
    }

    private static long waited(long pid) {
        try (var tasks = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
            long sum = 0;
            for (var task : tasks) {
                sum += waited(task);
            }
            return sum;
        } catch (IOException | UncheckedIOException ended) {
            return 0;
        }
    }

    private static long waited(Path task) {
        try {
            var words = Files.readString(task.resolve("schedstat")).strip().split(" ");
            return words.length > SCHEDSTAT_WAITED ? Long.parseLong(words[SCHEDSTAT_WAITED]) : 0;
        } catch (IOException | NumberFormatException ended) {
            return 0;
        }
    }

    private static boolean stalled(String what) {
        try {
            return Files.readString(Path.of("/proc/pressure", what))
                    .lines()
                    .filter(line -> line.startsWith("full avg10="))
                    .anyMatch(line -> Double.parseDouble(line.substring("full avg10=".length(), line.indexOf(' ', 5)))
                            >= STALLED_PERCENT);
        } catch (IOException | NumberFormatException notMeasuredHere) {
            return false;
        }
    }
}
