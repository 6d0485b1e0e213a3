package dev.mainstay.protocol;

/// What a monitor knows of one resource it hosts.
///
/// @param resource its name
/// @param state its state
/// @param sequence grows with every change, also across monitors of one node
/// @param epoch the epoch of the last order taken
/// @param attempt the attempt of the last online order taken
/// @param specRevision the revision of the settings it was opened with
/// @param checkpoint the step a pending operation is at, or empty
/// @param detail evidence or error in words for the operator, or empty
/// @param seenAtMicros when the cause of the state was first seen, in microseconds since 1970 (for a failure: the
///     first sign)
/// @param changedAtMicros when the state was entered, in microseconds since 1970
public record HeldResource(
        String resource,
        HeldState state,
        long sequence,
        long epoch,
        long attempt,
        long specRevision,
        String checkpoint,
        String detail,
        long seenAtMicros,
        long changedAtMicros) {}
