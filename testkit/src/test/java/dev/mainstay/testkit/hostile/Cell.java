package dev.mainstay.testkit.hostile;

import dev.mainstay.testkit.hostile.HostileType.Fault;
import dev.mainstay.testkit.hostile.HostileType.Point;

/// One cell of the matrix.
///
/// @param outcome what follows, in the word of the matrix
record Cell(Fault fault, Point point, String outcome) {
    /// Whether the process ends without a word: the marks of its calls say which one it was.
    boolean leavesMarks() {
        return outcome.equals("halt") || outcome.equals("memory");
    }

    @Override
    public String toString() {
        return "%s in %s: %s".formatted(fault, point, outcome);
    }
}
