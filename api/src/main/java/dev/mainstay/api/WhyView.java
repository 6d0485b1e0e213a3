package dev.mainstay.api;

import io.avaje.jsonb.Json;
import java.util.List;

/// Why a group or a resource is as it is.
///
/// @param kind `group` or `resource`
/// @param state its state now
/// @param sentence the answer in one sentence
/// @param chain the facts that led there, oldest first
@Json
public record WhyView(String kind, String name, String state, String sentence, List<EventView> chain) {}
