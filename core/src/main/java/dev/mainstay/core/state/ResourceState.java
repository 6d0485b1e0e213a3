package dev.mainstay.core.state;

/// The observed state of a resource.
public enum ResourceState {
    /// Not yet reported by the owner's monitor.
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
    FAILED;

    /// Whether nothing of the resource runs: its group may change its owner.
    public boolean atRest() {
        return this == INITIALIZING || this == OFFLINE || this == FAILED;
    }
}
