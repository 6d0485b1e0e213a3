package dev.mainstay.api;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What a control answered.
///
/// @param kind `resource` or `type`
/// @param name of the resource or type
/// @param code the control
/// @param node whose monitor answered
/// @param monitor the resource monitor that answered
/// @param output the answer by name; one value for plain kinds, several for a list, `name=value` each for a map
@Json
public record ControlView(
        String kind, String name, String code, String node, String monitor, Map<String, List<String>> output) {
    /// Nothing is no answer.
    public ControlView {
        output = Objects.requireNonNullElse(output, Map.of());
    }
}
