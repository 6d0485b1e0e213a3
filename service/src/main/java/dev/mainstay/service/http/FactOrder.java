package dev.mainstay.service.http;

import java.util.Arrays;
import java.util.Comparator;

/// The order of facts by their ids, which are numbers with marks between them.
final class FactOrder {
    static final Comparator<String> BY_ID =
            Comparator.comparing(FactOrder::place, (one, other) -> Arrays.compare(one, other));

    private FactOrder() {}

    private static long[] place(String id) {
        return Arrays.stream(id.split("[^0-9]+"))
                .filter(part -> !part.isEmpty() && part.length() < 19)
                .mapToLong(Long::parseLong)
                .toArray();
    }
}
