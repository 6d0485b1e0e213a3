package dev.mainstay.monitor.step;

import dev.mainstay.monitor.step.Phase.Leftover;
import dev.mainstay.monitor.step.Phase.Opening;
import dev.mainstay.monitor.step.Phase.Rest;
import dev.mainstay.monitor.step.Phase.Wish;
import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.HeldResource.Conditions;
import dev.mainstay.protocol.HeldState;

/// Everything a monitor knows of one resource at one moment.
///
/// @param phase where it stands
/// @param orders what was ordered last
/// @param shown its state as reported
/// @param suspicion why it may have failed
/// @param conditions what else is reported of it
public record ResourceState(Phase phase, Orders orders, Shown shown, Suspicion suspicion, Conditions conditions) {
    /// What was ordered last.
    ///
    /// @param epoch the newest epoch seen in an order
    /// @param attempt the newest attempt taken
    /// @param failedAttempt the newest attempt that failed: it is not started again
    /// @param stale whether newer settings wait for the next open
    /// @param maintenance whether failures are only noted
    record Orders(long epoch, long attempt, long failedAttempt, boolean stale, boolean maintenance) {
        private static final long NONE_FAILED = -1;

        Orders taken(long newEpoch, long newAttempt) {
            return new Orders(newEpoch, newAttempt, failedAttempt, stale, maintenance);
        }

        Orders failing(long failed) {
            return new Orders(epoch, attempt, failed, stale, maintenance);
        }

        Orders stale(boolean newerSettings) {
            return new Orders(epoch, attempt, failedAttempt, newerSettings, maintenance);
        }

        Orders maintenance(boolean on) {
            return new Orders(epoch, attempt, failedAttempt, stale, on);
        }
    }

    /// A state as it is reported.
    ///
    /// @param checkpoint the step that a pending operation is at, or empty
    /// @param detail evidence or error for the operator, or empty
    /// @param seenAt when the cause of the state was first seen, in microseconds since 1970
    /// @param changedAt when the state was entered, in microseconds since 1970
    /// @param adoptedSince since when what is about to be adopted has been online, or 0
    record Shown(
            HeldState held,
            long sequence,
            String checkpoint,
            String detail,
            long seenAt,
            long changedAt,
            long adoptedSince) {
        Shown at(String step, long at) {
            return new Shown(held, following(at), step, detail, seenAt, changedAt, adoptedSince);
        }

        Shown counted(long at) {
            return at(checkpoint, at);
        }

        Shown detailed(String words) {
            return new Shown(held, sequence, checkpoint, words, seenAt, changedAt, adoptedSince);
        }

        Shown becoming(HeldState state, String words, long seen, long at) {
            long since = state == HeldState.ONLINE && adoptedSince > 0 ? adoptedSince : at;
            return new Shown(state, following(at), "", words, seen, since, 0);
        }

        /// Time-based, so that it grows from monitor to monitor without being stored.
        private long following(long at) {
            return Math.max(sequence + 1, at);
        }
    }

    /// A resource that is about to be opened.
    ///
    /// @param sequence the sequence number last reported by an earlier monitor, or 0
    public static ResourceState opening(Leftover leftover, long sequence, long epoch, long attempt, long at) {
        return new ResourceState(
                new Opening(Rest.NEW, leftover, new Wish.Nothing()),
                new Orders(epoch, attempt, Orders.NONE_FAILED, false, false),
                new Shown(HeldState.INITIALIZING, Math.max(sequence + 1, at), "", "", at, at, 0),
                Suspicion.NONE,
                Conditions.NONE);
    }

    /// This state of a resource whose leftover is condemned, with the reason.
    public ResourceState because(String why) {
        return with(shown.detailed(why));
    }

    /// This state of a resource that has been online since `micros`, if it is found alive; 0 where nobody wrote
    /// that.
    public ResourceState onlineSince(long micros) {
        var adopted = new Shown(
                shown.held, shown.sequence, shown.checkpoint, shown.detail, shown.seenAt, shown.changedAt, micros);
        return with(adopted);
    }

    /// This state of a resource whose failures are only noted, or are treated again.
    public ResourceState inMaintenance(boolean on) {
        return with(orders.maintenance(on));
    }

    /// The state as reported.
    public HeldState held() {
        return shown.held;
    }

    /// The number of this report; grows.
    public long sequence() {
        return shown.sequence;
    }

    /// When the state was entered, in microseconds since 1970.
    public long changedAt() {
        return shown.changedAt;
    }

    /// The newest epoch seen in an order.
    public long epoch() {
        return orders.epoch;
    }

    /// The newest attempt taken.
    public long attempt() {
        return orders.attempt;
    }

    /// Whether newer settings wait for the next open.
    public boolean stale() {
        return orders.stale;
    }

    long failedAttempt() {
        return orders.failedAttempt;
    }

    boolean maintenance() {
        return orders.maintenance;
    }

    String checkpoint() {
        return shown.checkpoint;
    }

    String detail() {
        return shown.detail;
    }

    long seenAt() {
        return shown.seenAt;
    }

    /// This state as the service sees it.
    public HeldResource seenAs(String resource, long specRevision) {
        return new HeldResource(
                resource,
                shown.held,
                shown.sequence,
                orders.epoch,
                orders.attempt,
                specRevision,
                shown.checkpoint,
                shown.detail,
                shown.seenAt,
                shown.changedAt,
                conditions);
    }

    ResourceState in(Phase next) {
        return new ResourceState(next, orders, shown, suspicion, conditions);
    }

    private ResourceState with(Orders other) {
        return new ResourceState(phase, other, shown, suspicion, conditions);
    }

    private ResourceState with(Shown other) {
        return new ResourceState(phase, orders, other, suspicion, conditions);
    }

    ResourceState under(Conditions other) {
        return new ResourceState(phase, orders, shown, suspicion, other);
    }

    ResourceState suspecting(Suspicion other) {
        return new ResourceState(phase, orders, shown, other, conditions);
    }

    /// This state in another phase that is reported as `state` from `at` on.
    ResourceState entering(Phase next, HeldState state, String words, long seen, long at) {
        return with(shown.becoming(state, words, seen, at)).in(next);
    }

    ResourceState ordered(long newEpoch, long newAttempt) {
        return with(orders.taken(newEpoch, newAttempt));
    }

    ResourceState failedInAttempt() {
        return with(orders.failing(orders.attempt));
    }

    /// This state with its failure forgotten.
    ResourceState settled() {
        return with(orders.failing(Orders.NONE_FAILED));
    }

    ResourceState stale(boolean newerSettings) {
        return with(orders.stale(newerSettings));
    }

    /// This state with a new sequence number, because something else in it is worth a report.
    ResourceState counted(long at) {
        return with(shown.counted(at));
    }

    /// This state with a reason for it, which is worth a report.
    ResourceState explained(String why, long at) {
        return with(shown.detailed(why).counted(at));
    }

    ResourceState at(String step, long at) {
        return with(shown.at(step, at));
    }
}
