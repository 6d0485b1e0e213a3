package dev.mainstay.protocol;

import java.util.Map;

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
/// @param conditions what else holds of it
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
        long changedAtMicros,
        Conditions conditions) {
    /// Checks what is computed with.
    public HeldResource {
        Permitted.name("the resource", resource);
        Permitted.count("the sequence number", sequence);
        Permitted.count("the epoch", epoch);
        Permitted.count("the attempt", attempt);
        Permitted.count("the revision", specRevision);
        Permitted.micros("when it was seen", seenAtMicros);
        Permitted.micros("when it changed", changedAtMicros);
    }

    /// What else holds of a resource, whatever its state; each text is empty while it does not hold.
    ///
    /// @param locked why it must not be moved or taken offline
    /// @param embeddedFailure evidence of a failure inside it
    /// @param networkLoss evidence that a network it serves on is gone
    /// @param ignoredFailure evidence of a failure that is only noted, because it is in maintenance
    /// @param published values its type publishes, by name
    /// @param lasting whether it failed by what no repetition on this node mends
    public record Conditions(
            String locked,
            String embeddedFailure,
            String networkLoss,
            String ignoredFailure,
            Map<String, String> published,
            boolean lasting) {
        /// Nothing else holds.
        public static final Conditions NONE = new Conditions("", "", "", "", Map.of(), false);

        /// Copies the map.
        public Conditions {
            published = Map.copyOf(published);
        }

        /// These conditions with what the type itself says of its resource.
        public Conditions saying(String lock, Map<String, String> values) {
            return new Conditions(lock, embeddedFailure, networkLoss, ignoredFailure, values, lasting);
        }

        /// These conditions after a failure inside the resource.
        public Conditions embeddedFailure(String evidence) {
            return new Conditions(locked, evidence, networkLoss, ignoredFailure, published, lasting);
        }

        /// These conditions after the loss of a network.
        public Conditions networkLoss(String evidence) {
            return new Conditions(locked, embeddedFailure, evidence, ignoredFailure, published, lasting);
        }

        /// These conditions after a failure that is only noted; empty when there is none any more.
        public Conditions ignoredFailure(String evidence) {
            return new Conditions(locked, embeddedFailure, networkLoss, evidence, published, lasting);
        }

        /// These conditions of a resource that failed by what lasts, or no more.
        public Conditions lasting(boolean lasts) {
            return new Conditions(locked, embeddedFailure, networkLoss, ignoredFailure, published, lasts);
        }
    }

    /// A resource of which nothing else holds.
    public HeldResource(
            String resource,
            HeldState state,
            long sequence,
            long epoch,
            long attempt,
            long specRevision,
            String checkpoint,
            String detail,
            long seenAtMicros,
            long changedAtMicros) {
        this(
                resource,
                state,
                sequence,
                epoch,
                attempt,
                specRevision,
                checkpoint,
                detail,
                seenAtMicros,
                changedAtMicros,
                Conditions.NONE);
    }
}
