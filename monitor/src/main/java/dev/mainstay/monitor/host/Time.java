package dev.mainstay.monitor.host;

/// The clock and the timers of a monitor, so that a test can drive them by hand.
///
/// **Threads:** any; tasks run on one thread and must not block.
public interface Time {
    /// Microseconds since 1970, for reports.
    long micros();

    /// Nanoseconds of a clock that never jumps, for measuring.
    long nanos();

    /// Runs `task` after a delay in milliseconds.
    Timer after(long delayMillis, Runnable task);

    /// A task that has been scheduled.
    interface Timer {
        /// Keeps the task from running, if it has not started.
        void cancel();
    }
}
