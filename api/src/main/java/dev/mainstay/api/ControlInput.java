package dev.mainstay.api;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The input of a control.
///
/// @param input values by name; one for plain kinds, several for a list, `name=value` each for a map
@Json
public record ControlInput(Map<String, List<String>> input) {
    /// **Errors:** `IllegalArgumentException` when a value is null.
    public ControlInput {
        input = Objects.requireNonNullElse(input, Map.of());
        if (input.values().stream()
                .anyMatch(values -> values == null || values.stream().anyMatch(Objects::isNull))) {
            throw new IllegalArgumentException("a value of 'input' is null");
        }
    }
}
