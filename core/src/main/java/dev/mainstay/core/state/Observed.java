package dev.mainstay.core.state;

import java.time.Instant;

/// The last report about a resource.
///
/// @param state what its monitor saw
/// @param node where
/// @param sequence grows with every change on one node
/// @param epoch the group's epoch of the order that the monitor follows
/// @param attempt the attempt of the last online order that the monitor took
/// @param checkpoint the step that a pending operation is at, or empty
/// @param detail evidence or error in words, or empty
/// @param seenAt when the cause was first seen on that node
/// @param changedAt when the state was entered on that node
/// @param conditions what else holds of it
public record Observed(
        ResourceState state,
        NodeId node,
        long sequence,
        long epoch,
        long attempt,
        String checkpoint,
        String detail,
        Instant seenAt,
        Instant changedAt,
        Conditions conditions) {
    /// A report of a resource of which nothing else holds.
    public Observed(
            ResourceState state,
            NodeId node,
            long sequence,
            long epoch,
            long attempt,
            String checkpoint,
            String detail,
            Instant seenAt,
            Instant changedAt) {
        this(state, node, sequence, epoch, attempt, checkpoint, detail, seenAt, changedAt, Conditions.NONE);
    }
}
