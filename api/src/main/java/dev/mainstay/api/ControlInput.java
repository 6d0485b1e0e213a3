package dev.mainstay.api;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;

/// The input of a control.
///
/// @param input values by name; one for plain kinds, several for a list, `name=value` each for a map
@Json
public record ControlInput(Map<String, List<String>> input) {}
