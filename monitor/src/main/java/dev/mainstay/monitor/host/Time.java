package dev.mainstay.monitor.host;

/// The clock and the timers of a monitor, so that a test can drive them by hand.
///
/// **Threads:** any.
public interface Time {
    /// Microseconds since 1970, for reports.
    long micros();

    /// Nanoseconds of a clock that never jumps, for measuring.
    long nanos();

    /// Runs `task` after a delay in milliseconds, on one thread for all; it must not block.
    Timer after(long delayMillis, Runnable task);

    /// The moment nearest to `nanos`, on the clock of [#nanos], at which checks of several resources are made
    /// together.
    long together(long nanos);

    /// Runs `check` at a moment on the clock of [#nanos], on a virtual thread; it may block.
    Timer check(long nanos, Runnable check);

    /// Runs `task` as soon as what was handed in before it has been done, on a virtual thread that it shares with
    /// others unless it lasts; it may block.
    void soon(Runnable task);

    /// A task that has been scheduled.
    interface Timer {
        /// Keeps the task from running, if it has not started.
        void cancel();
    }
}
