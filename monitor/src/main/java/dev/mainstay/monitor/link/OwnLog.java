package dev.mainstay.monitor.link;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// The monitor's own log: lines on standard error, which whoever started it has pointed to a file.
///
/// No logging library is loaded for it: that would cost a monitor a tenth of a second.
public final class OwnLog {
    private OwnLog() {}

    /// Writes one line.
    @SuppressWarnings("SystemOut") // standard error is where the starter of a monitor wants its log
    public static void line(System.Logger.Level level, String resource, String text) {
        System.err.println(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + level + " "
                + (resource.isEmpty() ? "" : resource + ": ") + text);
    }
}
