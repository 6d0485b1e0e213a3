package dev.mainstay.cli.run;

import dev.mainstay.api.EventView;
import dev.mainstay.api.StatusView;
import dev.mainstay.cli.screen.EventText;
import dev.mainstay.cli.screen.Terminal;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/// Where a run shows what happens.
///
/// **Threads:** any; each call shows its whole text.
sealed interface Screen permits Screen.Lines, LiveScreen {
    /// The screen that fits the terminal.
    static Screen on(Terminal terminal) {
        return terminal.interactive() && !"dumb".equals(terminal.environment().get("TERM"))
                ? new LiveScreen(terminal)
                : new Lines(terminal);
    }

    /// Shows a fact.
    void event(EventView event);

    /// Shows how the cluster is, where that can be shown in place.
    void status(Optional<StatusView> status);

    /// Shows what the front itself does.
    void note(String text);

    /// Shows nothing in place any more.
    void close();

    /// The line for a fact; empty for facts that only say what is installed.
    static Optional<String> line(EventView event, Terminal terminal) {
        return event.event().startsWith("Type")
                ? Optional.empty()
                : Optional.of(EventText.line(event, terminal.zone()));
    }

    /// The line for a note.
    static String line(String note, Terminal terminal) {
        var now = LocalTime.now(terminal.zone());
        return DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).format(now) + " mainstay: " + note;
    }

    /// One line after the other.
    record Lines(Terminal terminal) implements Screen {
        @Override
        public void event(EventView event) {
            line(event, terminal).ifPresent(this::write);
        }

        @Override
        public void status(Optional<StatusView> status) {
            // Lines that are written stay: only what happens is worth one.
        }

        @Override
        public void note(String text) {
            write(line(text, terminal));
        }

        private synchronized void write(String text) {
            terminal.line(text);
            terminal.flush();
        }

        @Override
        public void close() {
            terminal.flush();
        }
    }
}
