package dev.mainstay.service.monitors;

import dev.mainstay.linux.ProcessTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringJoiner;

/// What the kernel shows of a monitor that does not answer, before it is killed.
///
/// Its own stacks are not among it: a JVM that cannot answer cannot tell them.
final class StillLife {
    private static final int THREADS_MAX = 64;

    private StillLife() {}

    /// In a few words, for the reason of what follows.
    static String inWords(long pid) {
        return ProcessTable.read(pid)
                .map(entry -> "state %s%s, waits in %s"
                        .formatted(
                                entry.state(),
                                entry.state() == 'T' ? " (stopped by a signal)" : "",
                                ProcessTable.waitsIn(pid)))
                .orElse("it has ended");
    }

    /// On a page.
    static String of(long pid) {
        var page = new StringJoiner("\n", "", "\n");
        page.add("process    " + inWords(pid));
        for (var what : new String[] {"cpu", "memory", "io"}) {
            page.add("pressure of %s: %s"
                    .formatted(what, read(Path.of("/proc/pressure", what)).replace('\n', ' ')));
        }
        page.add("load       " + read(Path.of("/proc/loadavg")));
        page.add("").add("threads: state, where each waits in the kernel, its name");
        try (var tasks = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
            int shown = 0;
            for (var task : tasks) {
                if (++shown > THREADS_MAX) {
                    page.add("and more");
                    break;
                }
                var stat = ProcessTable.parse(read(task.resolve("stat")));
                page.add("%s %s %s"
                        .formatted(
                                stat.map(entry -> String.valueOf(entry.state())).orElse("?"),
                                read(task.resolve("wchan")),
                                read(task.resolve("comm"))));
            }
        } catch (IOException ended) {
            page.add("they cannot be read: " + ended);
        }
        return page.toString();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "(cannot be read: %s)".formatted(e.getMessage());
        }
    }
}
