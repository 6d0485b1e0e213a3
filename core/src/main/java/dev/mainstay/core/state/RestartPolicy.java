package dev.mainstay.core.state;

import java.time.Duration;

/// What follows when a resource fails.
///
/// @param action what is done first and last
/// @param threshold how many restarts on one node are allowed within the period
/// @param period the sliding window in which restarts are counted
/// @param delay how long to wait before a restart
/// @param retryPeriod how long to stay failed before one more attempt; zero for never
public record RestartPolicy(Action action, int threshold, Duration period, Duration delay, Duration retryPeriod) {
    /// The field's usual values: restart, then fail over; 3 restarts in 15 min, after 500 ms; once more after 1
    /// h.
    public static final RestartPolicy DEFAULT = new RestartPolicy(
            Action.RESTART_THEN_FAILOVER, 3, Duration.ofMinutes(15), Duration.ofMillis(500), Duration.ofHours(1));

    /// What a failure leads to.
    public enum Action {
        /// Stay failed.
        NONE,
        /// Restart in place; stay failed when the threshold is reached.
        RESTART,
        /// Restart in place; move the group when the threshold is reached.
        RESTART_THEN_FAILOVER
    }

    /// Checks the limits.
    public RestartPolicy {
        Check.state(threshold >= 0, "restart threshold %d is below 0", threshold);
        Check.state(
                !period.isNegative() && !delay.isNegative() && !retryPeriod.isNegative(), "a time span is negative");
    }
}
