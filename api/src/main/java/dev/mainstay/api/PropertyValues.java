package dev.mainstay.api;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// New values of private properties of a resource.
///
/// @param set values by the names of their properties, as written in a manifest; lists as `[a, b]`
/// @param unset properties that get their default again
@Json
public record PropertyValues(Map<String, String> set, List<String> unset) {
    /// **Errors:** `IllegalArgumentException` when a value is null.
    public PropertyValues {
        set = Objects.requireNonNullElse(set, Map.of());
        unset = Objects.requireNonNullElse(unset, List.of());
        if (set.values().stream().anyMatch(Objects::isNull) || unset.stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException("a value of 'set' or 'unset' is null");
        }
    }
}
