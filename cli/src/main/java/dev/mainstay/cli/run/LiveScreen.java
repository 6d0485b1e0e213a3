package dev.mainstay.cli.run;

import dev.mainstay.api.EventView;
import dev.mainstay.api.StatusView;
import dev.mainstay.cli.screen.Terminal;
import dev.mainstay.cli.screen.Views;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// A table that is redrawn in place, with the latest lines below it.
final class LiveScreen implements Screen {
    private static final int LATEST_MAX = 10;

    private final Terminal terminal;
    private final Deque<String> latest = new ArrayDeque<>();
    private final TerminalSize size = new TerminalSize();
    private Optional<StatusView> shown = Optional.empty();
    private int drawn;

    LiveScreen(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public synchronized void event(EventView event) {
        Screen.line(event, terminal).ifPresent(this::add);
    }

    @Override
    public synchronized void status(Optional<StatusView> status) {
        shown = status.or(() -> shown);
        draw();
    }

    @Override
    public synchronized void note(String text) {
        add(Screen.line(text, terminal));
        draw();
    }

    @Override
    public synchronized void close() {
        draw();
        drawn = 0;
    }

    private void add(String line) {
        latest.addLast(line);
        if (latest.size() > LATEST_MAX) {
            latest.removeFirst();
        }
    }

    private void draw() {
        var lines = lines();
        var text = new StringBuilder();
        if (drawn > 0) {
            text.append("\u001b[").append(drawn).append("A\r");
        }
        text.append("\u001b[J");
        lines.forEach(line -> text.append(line).append('\n'));
        terminal.out().print(text);
        terminal.flush();
        drawn = lines.size();
    }

    /// No line is wider than the terminal and all fit on it: moving up again would miss otherwise.
    private List<String> lines() {
        var now = size.now();
        var most = Math.max(1, now.rows() - 1);
        List<String> lines = new ArrayList<>();
        shown.ifPresent(status -> {
            lines.add(cut(heading(status), now.columns()));
            lines.add("");
            var tree = Views.tree(status.groups(), terminal.zone()).lines(terminal.colour(), now.columns());
            lines.addAll(fitting(tree, most - lines.size() - 1 - latest.size()));
            lines.add("");
        });
        latest.forEach(line -> lines.add(cut(line, now.columns())));
        return lines.size() <= most ? lines : lines.subList(lines.size() - most, lines.size());
    }

    /// The beginning of a table that is too long, and how much is left out.
    static List<String> fitting(List<String> table, int most) {
        if (table.size() <= most || most < 2) {
            return table;
        }
        List<String> lines = new ArrayList<>(table.subList(0, most - 1));
        lines.add("... and " + (table.size() - lines.size()) + " more lines; see them all with:  mainstay status");
        return lines;
    }

    private static String heading(StatusView status) {
        var nodes = new ArrayList<String>();
        status.nodes()
                .forEach(node -> nodes.add(node.name() + " " + node.state() + (node.leader() ? " (leader)" : "")));
        return "cluster " + status.cluster() + ": " + String.join(", ", nodes);
    }

    private static String cut(String line, int columns) {
        return line.length() <= columns ? line : line.substring(0, Math.max(0, columns - 1)) + "…";
    }
}
