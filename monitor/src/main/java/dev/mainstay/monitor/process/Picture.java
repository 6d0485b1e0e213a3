package dev.mainstay.monitor.process;

import dev.mainstay.linux.ProcessTable;
import dev.mainstay.spi.Processes.LogLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;

/// The processes of one resource as they are at this moment, for a reader.
///
/// **Time:** looks into `/proc` for every process of the node; may hang with it.
///
/// @param directory the resource's own folder
/// @param launched what was started for the resource since nothing of it ran
public record Picture(Tree tree, Path directory, List<LaunchRecords.Line> launched) {
    private static final int PROCESSES_MAX = 100;
    private static final int OUTPUT_BYTES = 8 << 10;
    private static final int LOGS_MAX = 4;

    /// Each process with its state, what it waits for, its command line and, where it may be read, its stack
    /// in the kernel; children stand below their parents.
    public List<String> processes() {
        var living = tree.living(new HashSet<>());
        return living.isEmpty()
                ? List.of("none runs now")
                : living.stream()
                        .sorted(Comparator.comparingLong(ProcessTable.Entry::startTicks))
                        .limit(PROCESSES_MAX)
                        .flatMap(Picture::lines)
                        .toList();
    }

    private static Stream<String> lines(ProcessTable.Entry entry) {
        var pid = entry.pid();
        var head = "pid %d, parent %d, %s: %s"
                .formatted(
                        pid,
                        entry.parent(),
                        ProcessTable.standing(pid),
                        ProcessTable.text(pid, "cmdline")
                                .orElse("")
                                .replace('\0', ' ')
                                .strip());
        var status = ProcessTable.text(pid, "status")
                .orElse("")
                .lines()
                .filter(Picture::telling)
                .map(String::strip);
        var stack = ProcessTable.text(pid, "stack").orElse("").lines();
        return Stream.of(Stream.of(head), status.map("    "::concat), stack.map("    kernel: "::concat))
                .flatMap(part -> part);
    }

    private static boolean telling(String line) {
        return Stream.of("Threads:", "VmRSS:", "SigBlk:", "SigIgn:", "SigCgt:").anyMatch(line::startsWith);
    }

    /// The last lines of what was started last, and of the logs in the resource's folder.
    public List<String> output() throws IOException {
        var started = launched.reversed().stream()
                .flatMap(line -> line.log().stream())
                .map(LaunchRecords.Log::path);
        try (var files = Files.list(directory)) {
            var own = files.map(Path::toAbsolutePath)
                    .filter(file -> file.toString().endsWith(".log"));
            return Stream.concat(started, own)
                    .distinct()
                    .limit(LOGS_MAX)
                    .flatMap(Picture::tail)
                    .toList();
        }
    }

    private static Stream<String> tail(Path log) {
        var lines = new LogFile(log, LogLimits.STANDARD).tail(0, OUTPUT_BYTES).lines();
        return Stream.concat(Stream.of(log + ":"), lines.map("    "::concat));
    }
}
