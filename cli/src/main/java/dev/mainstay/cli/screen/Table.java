package dev.mainstay.cli.screen;

import dev.mainstay.protocol.PlainText;
import java.util.ArrayList;
import java.util.List;

/// Rows of cells in aligned columns; state words are coloured where colours are shown.
public final class Table {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    /// A table with these headings.
    public Table(String... headings) {
        rows.add(List.of(headings));
    }

    /// Adds a row; as many cells as there are headings.
    public Table row(String... cells) {
        List<String> clean = new ArrayList<>();
        for (var cell : cells) {
            clean.add(indent(cell) + PlainText.oneLine(cell));
        }
        rows.add(List.copyOf(clean));
        return this;
    }

    private static String indent(String cell) {
        return cell.startsWith("  ") ? "  " : "";
    }

    /// Whether there are headings only.
    public boolean isEmpty() {
        return rows.size() == 1;
    }

    /// The lines, without blanks at their ends.
    public List<String> lines(boolean colour) {
        return lines(colour, Integer.MAX_VALUE);
    }

    /// The lines, none wider than `columns`.
    public List<String> lines(boolean colour, int columns) {
        var widths = new int[rows.getFirst().size()];
        for (var row : rows) {
            for (var i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (var row : rows) {
            lines.add(line(row, widths, colour && !lines.isEmpty(), columns));
        }
        return lines;
    }

    private static String line(List<String> row, int[] widths, boolean colour, int columns) {
        var line = new StringBuilder();
        var blanks = 0;
        var room = columns;
        for (var i = 0; i < widths.length; i++) {
            var cell = row.get(i);
            if (!cell.isEmpty() && room > blanks) {
                var shown = cell.substring(0, Math.min(cell.length(), room - blanks));
                line.repeat(' ', blanks).append(colour ? Text.coloured(shown) : shown);
                room -= blanks + shown.length();
                blanks = 0;
            }
            blanks += widths[i] - cell.length() + GAP.length();
        }
        return line.toString();
    }
}
