package dev.mainstay.monitor.link;

import dev.mainstay.protocol.Limits;
import dev.mainstay.protocol.PlainText;
import dev.mainstay.protocol.Texts;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// The monitor's own log: lines on standard error, which whoever started it has pointed to a file.
///
/// No logging library is loaded for it: that would cost a monitor a tenth of a second. Hundreds of lines are
/// written while a monitor adopts, so each is one call of the system, and its time is composed once a second.
public final class OwnLog {
    private static final FileOutputStream ERROR = new FileOutputStream(FileDescriptor.err);
    /// Longer than a line of a type, since stacks of our own trouble stand here as well; in characters.
    private static final int LINE_MAX = 2 * Limits.LOG_LINE;
    private static final int NANOS_PER_MILLI = 1_000_000;

    // Written by any thread: whoever comes at the turn of a second composes it anew.
    private static volatile Second second = new Second(Long.MIN_VALUE, "");

    /// @param text the time to the second, as it begins a line
    private record Second(long since1970, String text) {}

    private OwnLog() {}

    /// Writes one line.
    public static void line(System.Logger.Level level, String resource, String text) {
        var line = time(Instant.now()) + " " + level + " "
                + PlainText.marked((resource.isEmpty() ? "" : resource + ": ") + Texts.cut(text, LINE_MAX)) + "\n";
        try {
            ERROR.write(line.getBytes(StandardCharsets.UTF_8));
        } catch (IOException nowhereToSayIt) {
            // a full disk: the line is lost, the service has its own log
            return;
        }
    }

    private static String time(Instant now) {
        var known = second;
        if (known.since1970 != now.getEpochSecond()) {
            var text = Instant.ofEpochSecond(now.getEpochSecond()).toString();
            known = new Second(now.getEpochSecond(), text.substring(0, text.length() - 1));
            second = known;
        }
        int millis = now.getNano() / NANOS_PER_MILLI;
        return known.text + (millis < 10 ? ".00" : millis < 100 ? ".0" : ".") + millis + "Z";
    }
}
