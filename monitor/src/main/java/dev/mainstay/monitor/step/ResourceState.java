package dev.mainstay.monitor.step;

import dev.mainstay.monitor.step.Phase.Leftover;
import dev.mainstay.monitor.step.Phase.Opening;
import dev.mainstay.monitor.step.Phase.Rest;
import dev.mainstay.monitor.step.Phase.Wish;
import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.HeldState;

/// Everything a monitor knows of one resource at one moment.
///
/// @param held the state as reported
/// @param epoch the newest epoch seen in an order
/// @param attempt the newest attempt taken
/// @param failedAttempt the newest attempt that failed: it is not started again
/// @param stale whether newer settings wait for the next open
/// @param seenAt when the cause of the state was first seen, in microseconds since 1970
/// @param changedAt when the state was entered, in microseconds since 1970
public record ResourceState(
        Phase phase,
        HeldState held,
        long sequence,
        long epoch,
        long attempt,
        long failedAttempt,
        boolean stale,
        String checkpoint,
        String detail,
        Suspicion suspicion,
        long seenAt,
        long changedAt) {
    private static final long NONE_FAILED = -1;

    /// A resource that is about to be opened.
    ///
    /// @param sequence the sequence number last reported by an earlier monitor, or 0
    public static ResourceState opening(Leftover leftover, long sequence, long epoch, long attempt, long at) {
        return new ResourceState(
                new Opening(Rest.NEW, leftover, new Wish.Nothing()),
                HeldState.INITIALIZING,
                Math.max(sequence + 1, at),
                epoch,
                attempt,
                NONE_FAILED,
                false,
                "",
                "",
                Suspicion.NONE,
                at,
                at);
    }

    /// This state of a resource whose leftover is condemned, with the reason.
    public ResourceState because(String why) {
        return new ResourceState(
                phase,
                held,
                sequence,
                epoch,
                attempt,
                failedAttempt,
                stale,
                checkpoint,
                why,
                suspicion,
                seenAt,
                changedAt);
    }

    /// This state as the service sees it.
    public HeldResource seenAs(String resource, long specRevision) {
        return new HeldResource(
                resource, held, sequence, epoch, attempt, specRevision, checkpoint, detail, seenAt, changedAt);
    }

    ResourceState in(Phase next) {
        return new ResourceState(
                next,
                held,
                sequence,
                epoch,
                attempt,
                failedAttempt,
                stale,
                checkpoint,
                detail,
                suspicion,
                seenAt,
                changedAt);
    }

    /// This state in another phase that is reported as `state` from `at` on.
    ResourceState entering(Phase next, HeldState state, String words, long seen, long at) {
        return new ResourceState(
                next, state, following(at), epoch, attempt, failedAttempt, stale, "", words, suspicion, seen, at);
    }

    ResourceState ordered(long newEpoch, long newAttempt) {
        return new ResourceState(
                phase,
                held,
                sequence,
                newEpoch,
                newAttempt,
                failedAttempt,
                stale,
                checkpoint,
                detail,
                suspicion,
                seenAt,
                changedAt);
    }

    ResourceState failedInAttempt() {
        return new ResourceState(
                phase,
                held,
                sequence,
                epoch,
                attempt,
                attempt,
                stale,
                checkpoint,
                detail,
                suspicion,
                seenAt,
                changedAt);
    }

    /// This state with its failure forgotten.
    ResourceState settled() {
        return new ResourceState(
                phase,
                held,
                sequence,
                epoch,
                attempt,
                NONE_FAILED,
                stale,
                checkpoint,
                detail,
                suspicion,
                seenAt,
                changedAt);
    }

    ResourceState suspecting(Suspicion other) {
        return new ResourceState(
                phase,
                held,
                sequence,
                epoch,
                attempt,
                failedAttempt,
                stale,
                checkpoint,
                detail,
                other,
                seenAt,
                changedAt);
    }

    ResourceState stale(boolean newerSettings) {
        return new ResourceState(
                phase,
                held,
                sequence,
                epoch,
                attempt,
                failedAttempt,
                newerSettings,
                checkpoint,
                detail,
                suspicion,
                seenAt,
                changedAt);
    }

    /// This state with a new sequence number, because something else in it is worth a report.
    ResourceState counted(long at) {
        return new ResourceState(
                phase,
                held,
                following(at),
                epoch,
                attempt,
                failedAttempt,
                stale,
                checkpoint,
                detail,
                suspicion,
                seenAt,
                changedAt);
    }

    ResourceState at(String step, long at) {
        return new ResourceState(
                phase,
                held,
                following(at),
                epoch,
                attempt,
                failedAttempt,
                stale,
                step,
                detail,
                suspicion,
                seenAt,
                changedAt);
    }

    /// Time-based, so that it grows from monitor to monitor without being stored.
    private long following(long at) {
        return Math.max(sequence + 1, at);
    }
}
