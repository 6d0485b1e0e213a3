package dev.mainstay.types.systemd;

import dev.mainstay.spi.Processes.Command;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The last lines that systemd's journal has of a unit, as evidence: better some words than none, never a failure.
final class JournalEnd {
    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final int LINES = 5;

    private JournalEnd() {}

    static String of(ResourceContext context, String unit) throws InterruptedException {
        var line = new ArrayList<>(
                List.of("journalctl", "--unit=" + unit, "--lines=" + LINES, "--output=cat", "--no-pager", "--quiet"));
        var folder = context.properties().text("journalDirectory");
        if (!folder.isEmpty()) {
            line.add("--directory=" + folder);
        }
        try {
            var said = context.processes()
                    .run(
                            new Command(
                                    line,
                                    Map.of(),
                                    "",
                                    context.directory(),
                                    context.directory().resolve("journalctl.log")),
                            LIMIT);
            var text = said.output().strip();
            return said.exitCode() != 0 || text.isEmpty()
                    ? ""
                    : " Its journal ends: " + text.replace("\n", " | ") + ".";
        } catch (ResourceFailure noJournal) {
            return "";
        }
    }
}
