package dev.mainstay.api;

import io.avaje.jsonb.Json;
import java.util.List;

/// A group with its resources.
///
/// @param state `online`, `offline`, `failed`, `partial online` or `pending`
/// @param wanted the persistent state: `online` or `offline`
/// @param owner the node it is on
/// @param movingTo the node it is on its way to, or empty
/// @param epoch grows with every change of owner
/// @param failovers how often it failed over, as far as that still counts
/// @param reason why it is as it is, in one sentence
@Json
public record GroupView(
        String name,
        String description,
        String state,
        String wanted,
        String owner,
        String movingTo,
        long epoch,
        int failovers,
        String reason,
        List<ResourceView> resources) {}
