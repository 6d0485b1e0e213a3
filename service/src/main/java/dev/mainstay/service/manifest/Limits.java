package dev.mainstay.service.manifest;

import dev.mainstay.protocol.TypeSpec.PropertySpec;
import java.util.Map;

/// The permitted values of a property in words.
public final class Limits {
    private Limits() {}

    /// Such as `at least 10ms and at most 1h`, or empty.
    public static String of(PropertySpec property) {
        var units = switch (property.kind()) {
            case "DURATION" -> Quantity.TIME;
            case "SIZE" -> Quantity.SIZE;
            default -> Map.of("", 1L);
        };
        if (property.kind().equals("CHOICE")) {
            return "one of " + String.join(", ", property.choices());
        }
        var least = property.minimum() == Long.MIN_VALUE ? "" : "at least " + Quantity.text(property.minimum(), units);
        var most = property.maximum() == Long.MAX_VALUE ? "" : "at most " + Quantity.text(property.maximum(), units);
        return least.isEmpty() || most.isEmpty() ? least + most : least + " and " + most;
    }
}
