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

    /// Whether it is known that nothing of the resource runs. What is not yet reported may run.
    public boolean atRest() {
        return this == OFFLINE || this == FAILED;
    }
}
