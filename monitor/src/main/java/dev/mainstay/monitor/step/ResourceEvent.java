package dev.mainstay.monitor.step;

import dev.mainstay.spi.FailureKind;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Outcome;
import dev.mainstay.spi.Reason;
import java.util.Map;

/// Something that happened to one resource.
public sealed interface ResourceEvent {
    /// The service wants it online.
    record OnlineOrdered(long epoch, long attempt, Reason reason) implements ResourceEvent {}

    /// The service wants it offline.
    record OfflineOrdered(long epoch, Reason reason) implements ResourceEvent {}

    /// The monitor stops and takes it offline whatever the epoch.
    record StopOrdered(Reason reason) implements ResourceEvent {}

    /// The service wants it treated as failed.
    record FailOrdered(String evidence) implements ResourceEvent {}

    /// It shall be forgotten.
    record CloseOrdered(Reason reason) implements ResourceEvent {}

    /// Newer settings are known than those it was opened with.
    record SettingsChanged() implements ResourceEvent {}

    /// The open instance took newer settings over, or not.
    ///
    /// @param refusal why they wait for the next open, or empty
    record SettingsAnswered(String refusal) implements ResourceEvent {}

    /// The open entry point returned.
    record Opened() implements ResourceEvent {}

    /// The open entry point threw, and what ran of the resource was ended.
    ///
    /// @param lasting whether no repetition mends it
    record OpenThrew(String error, boolean lasting) implements ResourceEvent {
        /// It threw what may pass.
        public OpenThrew(String error) {
            this(error, false);
        }
    }

    /// Open or terminate threw and something of the resource may still run: it is called again.
    ///
    /// @param trouble what was called, and what it threw
    record StillThere(String trouble) implements ResourceEvent {}

    /// The online entry point returned.
    record OnlineReturned(Outcome outcome) implements ResourceEvent {}

    /// The online entry point threw.
    ///
    /// @param lasting whether no repetition mends it
    record OnlineThrew(String error, boolean lasting) implements ResourceEvent {
        /// It threw what may pass.
        public OnlineThrew(String error) {
            this(error, false);
        }
    }

    /// The offline entry point returned.
    record OfflineReturned(Outcome outcome) implements ResourceEvent {}

    /// The offline entry point threw.
    record OfflineThrew(String error) implements ResourceEvent {}

    /// The worker of a pending operation succeeded.
    record WorkEnded() implements ResourceEvent {}

    /// The worker of a pending operation threw.
    ///
    /// @param lasting whether no repetition mends it
    record WorkFailed(String error, boolean lasting) implements ResourceEvent {
        /// It threw what may pass.
        public WorkFailed(String error) {
            this(error, false);
        }
    }

    /// The worker of a pending operation named another step.
    record CheckpointChanged(String step) implements ResourceEvent {}

    /// LooksAlive answered.
    record LooksAliveAnswered(Health health) implements ResourceEvent {}

    /// IsAlive answered.
    record IsAliveAnswered(Health health) implements ResourceEvent {}

    /// The terminate entry point returned.
    record TerminateReturned() implements ResourceEvent {}

    /// The close entry point returned.
    record CloseReturned() implements ResourceEvent {}

    /// The type raised its failure signal.
    record Suspected(String evidence) implements ResourceEvent {}

    /// The type tells of a failure inside the resource, or of the loss of a network; what is online stays so.
    record ConditionSignalled(FailureKind kind, String evidence) implements ResourceEvent {}

    /// The type has locked or unlocked the resource, or published values about it.
    ///
    /// @param locked why it is locked, or empty
    /// @param published all values that it publishes now
    record Described(String locked, Map<String, String> published) implements ResourceEvent {
        /// Copies the map.
        public Described {
            published = Map.copyOf(published);
        }
    }

    /// Maintenance begins or ends.
    record MaintenanceChanged(boolean on) implements ResourceEvent {}

    /// LooksAlive is due.
    record LooksAliveDue() implements ResourceEvent {}

    /// IsAlive is due.
    record IsAliveDue() implements ResourceEvent {}

    /// IsAlive is due again after an undecided one.
    record RecheckDue() implements ResourceEvent {}

    /// No checkpoint changed within the pending timeout.
    record PendingTimedOut() implements ResourceEvent {}

    /// A cancelled worker did not end within its grace.
    record CancelTimedOut() implements ResourceEvent {}
}
