package dev.mainstay.api;

import io.avaje.jsonb.Json;

/// A member of the cluster.
///
/// @param state `up`, `stopping` or `down`
/// @param leader whether it decides
/// @param monitor the process id of its resource monitor, 0 where unknown
@Json
public record NodeView(String name, String state, boolean leader, long monitor) {}
