package dev.mainstay.api;

import io.avaje.jsonb.Json;
import java.util.List;

/// The resource types that a node offers.
///
/// @param refused what its monitors could not load as a resource type, each with the reason
/// @param plugins the folder in which the node looks for plugins
@Json
public record TypesView(List<TypeView> types, List<String> refused, String plugins) {}
