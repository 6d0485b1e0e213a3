package dev.mainstay.core.order;

import dev.mainstay.core.state.ResourceState;

/// What a monitor of this node holds of one resource.
///
/// @param state its state there
/// @param epoch the epoch of the last order it took
/// @param attempt the attempt of the last online order it took
/// @param revision the revision of what it was last told of the resource
public record Held(ResourceState state, long epoch, long attempt, long revision) {}
