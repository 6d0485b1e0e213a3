package dev.mainstay.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// What `/proc` says of processes.
final class Processes {
    private static final double TICKS_PER_SECOND = 100;
    private static final double KIB_PER_MIB = 1024;

    private Processes() {}

    /// The process of a resource, found by the mark that the resource monitor gives it.
    static OptionalLong ofResource(String resource, Path data) {
        try (var pids = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (var pid : pids) {
                if (isMarked(pid, resource, data)) {
                    return OptionalLong.of(Long.parseLong(pid.getFileName().toString()));
                }
            }
            return OptionalLong.empty();
        } catch (IOException e) {
            throw new IllegalStateException("reading /proc failed", e);
        }
    }

    private static boolean isMarked(Path pid, String resource, Path data) {
        try {
            var environment = Files.readString(pid.resolve("environ"), StandardCharsets.ISO_8859_1);
            var command = Files.readString(pid.resolve("cmdline"), StandardCharsets.ISO_8859_1);
            return environment.lines().count() > 0
                    && environment.contains("MAINSTAY_RESOURCE=")
                    && environment.contains("/" + resource + "\0")
                    && command.contains(data.toString());
        } catch (IOException gone) {
            return false;
        }
    }

    /// A process of a resource.
    ///
    /// @param command its words, each with a zero behind it
    record Seen(long pid, long startTicks, String command) {}

    /// The processes of all resources of a node.
    static List<Seen> marked(Path data) throws IOException {
        var seen = new ArrayList<Seen>();
        try (var pids = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (var pid : pids) {
                try {
                    var environment = Files.readString(pid.resolve("environ"), StandardCharsets.ISO_8859_1);
                    if (environment.contains("MAINSTAY_RESOURCE=") && environment.contains("@" + data + "/")) {
                        var stat = Files.readString(pid.resolve("stat"), StandardCharsets.ISO_8859_1);
                        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                        seen.add(new Seen(
                                Long.parseLong(pid.getFileName().toString()),
                                Long.parseLong(fields[19]),
                                Files.readString(pid.resolve("cmdline"), StandardCharsets.ISO_8859_1)));
                    }
                } catch (IOException gone) {
                    // It ended while we looked.
                }
            }
        }
        return seen;
    }

    /// CPU time used so far, in seconds.
    static double cpuSeconds(long pid) throws IOException {
        var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    /// Resident memory, in MiB.
    static double residentMib(long pid) throws IOException {
        return mib(pid, "status", "VmRSS:");
    }

    /// Resident memory with pages that several processes share divided among them: what a process costs, in MiB.
    static double proportionalMib(long pid) throws IOException {
        return mib(pid, "smaps_rollup", "Pss:");
    }

    private static double mib(long pid, String file, String label) throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc", Long.toString(pid), file))) {
            if (line.startsWith(label)) {
                return Long.parseLong(line.replaceAll("\\D", "")) / KIB_PER_MIB;
            }
        }
        throw new IOException("/proc/%d/%s has no line '%s'".formatted(pid, file, label));
    }
}
