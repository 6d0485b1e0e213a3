package dev.mainstay.api;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;

/// New values of private properties of a resource.
///
/// @param set values by the names of their properties, as written in a manifest; lists as `[a, b]`
/// @param unset properties that get their default again
@Json
public record PropertyValues(Map<String, String> set, List<String> unset) {}
