package dev.mainstay.service.monitors;

import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.ToService.Inventory;

/// Is told what monitors say and what becomes of them.
///
/// **Threads:** one thread per monitor, calls of one monitor in order; may block to slow that monitor down.
public interface MonitorListener {
    /// A monitor is connected and told what it holds; also when asked again.
    ///
    /// @param fresh whether its process was started by this cluster service: it is not one that held resources
    ///     through a restart of the service
    void attached(String monitor, boolean fresh, Inventory inventory);

    /// The state of a resource changed in a monitor.
    void reported(String monitor, HeldResource held);

    /// A monitor no longer hosts a resource.
    void closed(String monitor, String resource);

    /// A monitor is gone; what it held is unknown until the next one is attached.
    void detached(String monitor);
}
