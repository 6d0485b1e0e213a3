package dev.mainstay.protocol;

/// What the cluster service says to a resource monitor.
///
/// Orders are level-triggered: each may be sent again at any time and then changes nothing.
public sealed interface ToMonitor extends Message {
    /// Accepts a monitor.
    ///
    /// @param version the protocol version chosen
    /// @param sessionKey what the monitor presents instead of its one-time token when it connects again
    /// @param holdMillis how long the monitor keeps its resources after it lost the service, in milliseconds
    record Welcome(int version, String sessionKey, long holdMillis) implements ToMonitor {}

    /// Refuses a monitor; it takes its resources offline and exits.
    record Refused(String reason) implements ToMonitor {}

    /// Makes the monitor host a resource with these settings; settings of an open resource take effect at its
    /// next open.
    record Open(ResourceSpec spec) implements ToMonitor {}

    /// Makes the monitor forget a resource, terminating it first if need be.
    record Close(String resource, String reason) implements ToMonitor {}

    /// Brings a resource online.
    ///
    /// @param epoch the group's epoch: an order with an older one than the monitor knows is refused
    /// @param attempt number of the permitted start: a resource that failed in this attempt is not started again
    ///     by it
    /// @param reason name of a reason of the resource type contract
    record Online(String resource, long epoch, long attempt, String reason) implements ToMonitor {}

    /// Takes a resource offline cleanly.
    record Offline(String resource, long epoch, String reason) implements ToMonitor {}

    /// Ends a resource at once and marks it failed, as if a check had found it dead.
    record Fail(String resource, String reason) implements ToMonitor {}

    /// Asks for everything the monitor holds, see [ToService.Inventory].
    record Ask() implements ToMonitor {}

    /// Takes everything offline, dependents first, and ends the monitor.
    record Stop(String reason) implements ToMonitor {}
}
