package dev.mainstay.service.manifest;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// Finds what somebody meant to write.
public final class Spelling {
    /// A list of more names than this is not shown in an advice.
    private static final int MAX_LISTED = 24;

    private Spelling() {}

    /// The valid name nearest to what was written, if one is near.
    public static Optional<String> nearest(String written, Collection<String> valid) {
        var limit = Math.max(1, Math.min(3, written.length() / 2));
        var best = Optional.<String>empty();
        var least = limit + 1;
        for (var name : valid) {
            var distance = distance(written.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
            if (distance < least) {
                least = distance;
                best = Optional.of(name);
            }
        }
        return best;
    }

    /// An advice: the nearest valid name, or all of them.
    public static String advice(String written, Collection<String> valid) {
        var near = nearest(written, valid);
        if (near.isPresent()) {
            return "Did you mean '%s'?".formatted(near.get());
        }
        if (valid.isEmpty()) {
            return "There is none to name.";
        }
        var listed = valid.stream().sorted().limit(MAX_LISTED).toList();
        return "Use one of: %s%s.".formatted(String.join(", ", listed), valid.size() > MAX_LISTED ? ", ..." : "");
    }

    /// Edits (insert, delete, replace, swap neighbours) that turn one text into the other.
    static int distance(String from, String to) {
        var rows = new int[from.length() + 1][to.length() + 1];
        for (var row = 0; row <= from.length(); row++) {
            for (var column = 0; column <= to.length(); column++) {
                rows[row][column] = row == 0 || column == 0 ? row + column : cheapest(rows, from, to, row, column);
            }
        }
        return rows[from.length()][to.length()];
    }

    private static int cheapest(int[][] rows, String from, String to, int row, int column) {
        var same = from.charAt(row - 1) == to.charAt(column - 1);
        var cheapest = Math.min(
                Math.min(rows[row - 1][column], rows[row][column - 1]) + 1, rows[row - 1][column - 1] + (same ? 0 : 1));
        var swapped = row > 1
                && column > 1
                && from.charAt(row - 1) == to.charAt(column - 2)
                && from.charAt(row - 2) == to.charAt(column - 1);
        return swapped ? Math.min(cheapest, rows[row - 2][column - 2] + 1) : cheapest;
    }
}
