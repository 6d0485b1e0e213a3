package dev.mainstay.service.manifest;

import dev.mainstay.api.ErrorView.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.snakeyaml.engine.v2.nodes.Node;

/// Collects what is wrong in one file.
final class Problems {
    /// More than this nobody reads; the rest shows after the first ones are mended.
    private static final int MAX_SHOWN = 100;

    private final String file;
    private final List<Problem> found = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    /// Notes a problem at the start of a node.
    void at(Node node, String message, String advice) {
        at(node, 0, message, advice);
    }

    /// Notes a problem some characters behind the start of a node.
    void at(Node node, int offset, String message, String advice) {
        var mark = node.getStartMark();
        at(
                mark.map(start -> start.getLine() + 1).orElse(1),
                mark.map(start -> start.getColumn() + 1).orElse(1) + offset,
                message,
                advice);
    }

    /// Notes a problem at a place, counted from 1.
    void at(int line, int column, String message, String advice) {
        found.add(new Problem(file, line, column, message, advice));
    }

    /// Whether nothing is wrong so far.
    boolean none() {
        return found.isEmpty();
    }

    /// Whether those noted so far fill what is shown: what takes long to say of more is not worth it.
    boolean moreThanShown() {
        return found.size() > MAX_SHOWN;
    }

    /// How many were noted so far.
    int count() {
        return found.size();
    }

    /// All problems, in the order of the file.
    List<Problem> sorted() {
        return found.stream()
                .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
                .distinct()
                .limit(MAX_SHOWN)
                .toList();
    }
}
