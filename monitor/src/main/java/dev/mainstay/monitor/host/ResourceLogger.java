package dev.mainstay.monitor.host;

import dev.mainstay.protocol.Limits;
import dev.mainstay.protocol.Texts;
import java.text.MessageFormat;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/// The logger of one resource: its lines go to the service. No logging library is loaded for it.
final class ResourceLogger implements System.Logger {
    private static final long WINDOW_NANOS = 1_000_000_000;

    /// Lines of one resource within a second; more say nothing that these do not, and would fill the disk.
    private static final int LINES_MAX = 100;

    private final Voice voice;
    private final String resource;
    // Guarded by this.
    private long windowBegan = System.nanoTime();
    private int lines;

    ResourceLogger(Voice voice, String resource) {
        this.voice = voice;
        this.resource = resource;
    }

    @Override
    public String getName() {
        return resource;
    }

    @Override
    public boolean isLoggable(Level level) {
        return level.getSeverity() >= Level.INFO.getSeverity() && level != Level.OFF;
    }

    @Override
    public void log(Level level, @Nullable ResourceBundle bundle, @Nullable String text, @Nullable Throwable thrown) {
        if (!isLoggable(level)) {
            return;
        }
        if (thrown == null) {
            say(level, String.valueOf(text));
            return;
        }
        say(level, Texts.cut(text, Limits.LOG_LINE) + "\n" + Texts.trace(thrown, Limits.LOG_LINE));
    }

    @Override
    public void log(
            Level level,
            @Nullable ResourceBundle bundle,
            @Nullable String format,
            @Nullable Object @Nullable ... values) {
        if (isLoggable(level)) {
            var text = String.valueOf(format);
            say(level, values == null || values.length == 0 ? text : formatted(text, values));
        }
    }

    /// A line that cannot be composed is said as it is: a mistake in a log line must not fail a call.
    private static String formatted(String text, @Nullable Object... values) {
        try {
            return MessageFormat.format(text, values);
        } catch (RuntimeException mistaken) {
            return text;
        }
    }

    private void say(Level level, String text) {
        int line;
        long droppedBefore = 0;
        synchronized (this) {
            if (System.nanoTime() - windowBegan >= WINDOW_NANOS) {
                windowBegan = System.nanoTime();
                droppedBefore = Math.max(0, lines - LINES_MAX);
                lines = 0;
            }
            line = ++lines;
        }
        if (droppedBefore > 0) {
            voice.log(Level.WARNING, resource, "%d lines were dropped".formatted(droppedBefore));
        }
        if (line <= LINES_MAX) {
            voice.log(level, resource, Texts.cut(text, Limits.LOG_LINE));
        } else if (line == LINES_MAX + 1) {
            voice.log(
                    Level.WARNING,
                    resource,
                    "more than %d lines within a second: the others of this second are dropped".formatted(LINES_MAX));
        }
    }
}
