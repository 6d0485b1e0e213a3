package dev.mainstay.monitor.host;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.text.MessageFormat;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/// The logger of one resource: its lines go to the service. No logging library is loaded for it.
final class ResourceLogger implements System.Logger {
    private final Voice voice;
    private final String resource;

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
            voice.log(level, resource, String.valueOf(text));
            return;
        }
        var trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        voice.log(level, resource, text + "\n" + trace);
    }

    @Override
    public void log(
            Level level,
            @Nullable ResourceBundle bundle,
            @Nullable String format,
            @Nullable Object @Nullable ... values) {
        if (isLoggable(level)) {
            var text = String.valueOf(format);
            voice.log(
                    level, resource, values == null || values.length == 0 ? text : MessageFormat.format(text, values));
        }
    }
}
