package dev.mainstay.protocol;

/// The state of a resource in its monitor.
public enum HeldState {
    /// Opened or being opened, not yet known.
    INITIALIZING,
    /// Not running.
    OFFLINE,
    /// Coming online.
    ONLINE_PENDING,
    /// Serving and watched.
    ONLINE,
    /// Going offline.
    OFFLINE_PENDING,
    /// Ended by a failure; nothing of it runs.
    FAILED
}
