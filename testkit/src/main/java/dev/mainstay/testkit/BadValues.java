package dev.mainstay.testkit;

import dev.mainstay.spi.PropertyDescription;
import java.util.ArrayList;
import java.util.List;

/// Values that a property's description forbids.
final class BadValues {
    private BadValues() {}

    static List<String> of(PropertyDescription property) {
        return switch (property.kind()) {
            case INTEGER -> numbers(property, "");
            case DURATION -> numbers(property, "ms");
            case SIZE -> numbers(property, "B");
            case FLAG -> List.of("maybe");
            case CHOICE -> List.of("no such choice");
            case MAP -> List.of("no equals sign");
            case TEXT, LIST -> List.of();
        };
    }

    private static List<String> numbers(PropertyDescription property, String unit) {
        var bad = new ArrayList<>(List.of("many"));
        if (property.minimum() > 0) {
            bad.add(property.minimum() - 1 + unit);
        }
        if (property.maximum() < Long.MAX_VALUE) {
            bad.add(property.maximum() + 1 + unit);
        }
        return bad;
    }
}
