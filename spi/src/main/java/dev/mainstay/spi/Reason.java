package dev.mainstay.spi;

/// Why the state of a resource is changed.
public enum Reason {
    /// Somebody asked for it.
    REQUESTED,
    /// The cluster restarts it after a failure.
    RESTART,
    /// The group is moved on request.
    MOVE,
    /// The group is moved because of a failure.
    FAILOVER,
    /// A resource that this one needs is not online.
    PROVIDER,
    /// The node or the cluster stops.
    SHUTDOWN,
    /// The monitor lost its cluster service and nobody came back within the hold time.
    SERVICE_LOST,
    /// The node's lease ended: another node may own the resource soon.
    LEASE_ENDED,
    /// The resource is removed from the configuration.
    DELETED,
    /// An operation failed or took too long.
    FAILURE,
    /// The resource's target state calls for it, for example after a start of the node.
    PERSISTENT_STATE
}
