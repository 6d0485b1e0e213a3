package dev.mainstay.monitor.step;

/// The settings of one resource that its steps depend on, in milliseconds.
///
/// @param pendingTimeoutMillis longest time between two checkpoints, already no longer than the deadlock timeout
/// @param looksAliveMillis time between two LooksAlive calls
/// @param isAliveMillis time between two IsAlive calls
/// @param firstLooksAliveMillis time to the first LooksAlive, which spreads the checks of many resources
/// @param firstIsAliveMillis time to the first IsAlive
public record StepSettings(
        long pendingTimeoutMillis,
        long looksAliveMillis,
        long isAliveMillis,
        long firstLooksAliveMillis,
        long firstIsAliveMillis) {}
