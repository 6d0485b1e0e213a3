package dev.mainstay.monitor.step;

import dev.mainstay.spi.Reason;

/// What the host does after a step, in the order of the list.
public sealed interface Effect {
    /// Calls open.
    record CallOpen() implements Effect {}

    /// Calls online.
    record CallOnline(long epoch, Reason reason) implements Effect {}

    /// Calls offline.
    record CallOffline(long epoch, Reason reason) implements Effect {}

    /// Calls looksAlive.
    record CallLooksAlive() implements Effect {}

    /// Calls isAlive.
    record CallIsAlive() implements Effect {}

    /// Calls terminate, at once, whatever else runs.
    record CallTerminate(Reason reason) implements Effect {}

    /// Calls close.
    record CallClose() implements Effect {}

    /// Starts the worker of the operation that returned pending.
    record StartWork() implements Effect {}

    /// Interrupts the worker; its end arrives as an event all the same.
    record CancelWork() implements Effect {}

    /// Starts a timer of this resource, replacing the one of the same name.
    record Arm(Alarm alarm, long delayMillis) implements Effect {}

    /// Stops all timers of this resource.
    record DisarmAll() implements Effect {}

    /// Writes the adoption record; it is on disk before the next effect.
    record SaveRecord() implements Effect {}

    /// Removes the adoption record.
    record DropRecord() implements Effect {}

    /// Tells the service the state.
    record Report() implements Effect {}

    /// Tells the service soon what is new, at a limited rate: a checkpoint or a published value.
    record ReportSoon() implements Effect {}

    /// Tells the service that the resource is not hosted any more and forgets it.
    record ReportClosed() implements Effect {}

    /// Writes a line to the log.
    record Log(System.Logger.Level level, String text) implements Effect {}

    /// The timers of a resource.
    enum Alarm {
        /// The pending timeout.
        PENDING,
        /// The grace of a cancelled worker.
        CANCEL,
        /// The next LooksAlive.
        LOOKS_ALIVE,
        /// The next IsAlive.
        IS_ALIVE,
        /// The IsAlive after an undecided one.
        RECHECK
    }
}
