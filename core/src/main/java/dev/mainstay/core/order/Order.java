package dev.mainstay.core.order;

import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceId;

/// What a node has to tell a monitor.
public sealed interface Order {
    /// The resource it concerns.
    ResourceId resource();

    /// Host the resource with these settings.
    record Open(ResourceId resource, Resource configured) implements Order {}

    /// Tell the monitor that hosts the resource what changed.
    record Update(ResourceId resource, Resource configured) implements Order {}

    /// Forget the resource.
    record Close(ResourceId resource, String reason) implements Order {}

    /// Bring the resource online.
    ///
    /// @param reason a reason of the resource type contract, by name
    record BringOnline(ResourceId resource, long epoch, long attempt, String reason) implements Order {}

    /// Treat the resource as failed, if it is still in this attempt.
    record Fail(ResourceId resource, long attempt, String why) implements Order {}

    /// Take the resource offline.
    record TakeOffline(ResourceId resource, long epoch, String reason) implements Order {}
}
