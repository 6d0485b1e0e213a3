package dev.mainstay.types.check;

import java.util.ArrayList;
import java.util.List;

/// HTTP status codes that are good, written as `200,204,300-399`.
record StatusRanges(List<Range> ranges) {
    private static final int LOWEST = 100;
    private static final int HIGHEST = 599;

    /// Any answer that is no error.
    static final StatusRanges USUAL = new StatusRanges(List.of(new Range(200, 399)));

    record Range(int first, int last) {}

    StatusRanges {
        ranges = List.copyOf(ranges);
    }

    /// **Errors:** `IllegalArgumentException` with what is wrong.
    static StatusRanges of(String text) {
        var ranges = new ArrayList<Range>();
        for (var part : text.split(",", -1)) {
            var ends = part.strip().split("-", 2);
            var first = number(part, ends[0]);
            var last = ends.length == 1 ? first : number(part, ends[1]);
            if (first > last) {
                throw new IllegalArgumentException("'%s' begins behind its end".formatted(part.strip()));
            }
            ranges.add(new Range(first, last));
        }
        return new StatusRanges(ranges);
    }

    private static int number(String part, String text) {
        try {
            var number = Integer.parseInt(text.strip());
            if (number >= LOWEST && number <= HIGHEST) {
                return number;
            }
        } catch (NumberFormatException notNumber) {
            throw new IllegalArgumentException("'%s' is no status".formatted(part.strip()), notNumber);
        }
        throw new IllegalArgumentException("'%s' is not between %d and %d".formatted(part.strip(), LOWEST, HIGHEST));
    }

    boolean contain(int status) {
        return ranges.stream().anyMatch(range -> range.first() <= status && status <= range.last());
    }
}
