package dev.mainstay.monitor;

import dev.mainstay.monitor.entry.CallSite;
import dev.mainstay.monitor.host.Incident;
import dev.mainstay.monitor.link.OwnLog;
import java.text.MessageFormat;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Notices when code that is not ours asks the JVM to end: an orderly end would take every resource of the monitor
/// offline because one type misbehaves.
///
/// The JDK logs each `Runtime.exit` to logger `java.lang.Runtime` before anything else happens, on the thread that
/// asks. Such a thread goes no further: the monitor ends as after a deadlock, and the next one adopts.
/// `Runtime.halt` cannot be noticed from inside.
///
/// **Threads:** any. One for the whole process, since loggers are.
/// **Source:** `java.lang.Runtime#exit`, section on logging.
public final class ExitWatch extends System.LoggerFinder {
    private static final String EXITS = "java.lang.Runtime";

    // Written by main, read by whichever thread asks for the end.
    private static volatile boolean permitted;
    private static volatile Optional<Consumer<Incident>> told = Optional.empty();

    /// For the service loader.
    public ExitWatch() {}

    /// Lets the next exit happen: it is our own.
    static void permit() {
        permitted = true;
    }

    /// Names who is told of an exit that is not ours; must not block and ends the process.
    static void tell(Consumer<Incident> incidents) {
        told = Optional.of(incidents);
    }

    @Override
    public System.Logger getLogger(String name, Module module) {
        return name.equals(EXITS) ? new Exits() : new Lines(name);
    }

    private static void asked(String status, @Nullable Throwable where) {
        if (permitted || told.isEmpty() || bySignal()) {
            return;
        }
        var culprit = CallSite.current()
                .map(site -> new Incident.Call(
                        site.resource(), site.type(), site.call().word(), 0));
        var stack = where == null ? new Throwable(status) : where;
        told.get().accept(new Incident.Exit(culprit, Thread.currentThread().getName(), status, stack));
        while (true) {
            LockSupport.park();
        }
    }

    /// Whether the JVM itself asks, because of a signal such as TERM: that is an operator who wants an orderly
    /// end.
    private static boolean bySignal() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getClassName().startsWith("java.lang.Terminator")));
    }

    private static final class Exits implements System.Logger {
        @Override
        public String getName() {
            return EXITS;
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String text, @Nullable Throwable thrown) {
            asked(String.valueOf(text), thrown);
        }

        @Override
        public void log(
                Level level,
                @Nullable ResourceBundle bundle,
                @Nullable String format,
                @Nullable Object @Nullable ... values) {
            asked(String.valueOf(format), null);
        }
    }

    /// What the JDK and libraries log: lines of the monitor's own log.
    private record Lines(String name) implements System.Logger {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean isLoggable(Level level) {
            return level.getSeverity() >= Level.WARNING.getSeverity() && level != Level.OFF;
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String text, @Nullable Throwable thrown) {
            if (isLoggable(level)) {
                OwnLog.line(level, "", name + ": " + text + (thrown == null ? "" : ": " + thrown));
            }
        }

        @Override
        public void log(
                Level level,
                @Nullable ResourceBundle bundle,
                @Nullable String format,
                @Nullable Object @Nullable ... values) {
            if (isLoggable(level)) {
                var text = String.valueOf(format);
                OwnLog.line(
                        level,
                        "",
                        name + ": "
                                + (values == null || values.length == 0 ? text : MessageFormat.format(text, values)));
            }
        }
    }
}
