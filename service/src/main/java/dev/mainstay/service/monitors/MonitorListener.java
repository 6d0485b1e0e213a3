package dev.mainstay.service.monitors;

import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.ToService.Inventory;
import dev.mainstay.protocol.ToService.Query;

/// Is told what monitors say and what becomes of them.
///
/// **Threads:** one thread per monitor, calls of one monitor in order; may block to slow that monitor down.
public interface MonitorListener {
    /// A monitor is connected and told what it holds.
    ///
    /// @param fresh whether its process was started by this cluster service: it is not one that held resources
    ///     through a restart of the service
    void attached(String monitor, boolean fresh, Inventory inventory);

    /// A connected monitor told once more what it holds.
    void told(String monitor, Inventory inventory);

    /// The state of a resource changed in a monitor.
    void reported(String monitor, HeldResource held);

    /// A monitor no longer hosts a resource.
    void closed(String monitor, String resource);

    /// A resource type asks about the cluster.
    void queried(String monitor, Query query);

    /// A monitor is no longer connected; its process may still run and hold everything it held.
    void detached(String monitor);

    /// The process of a monitor is proved to have ended: nobody hosts what it hosted.
    void gone(String monitor, Ending ending);

    /// A connected monitor does not answer: what is known of its resources is only what was last known.
    ///
    /// **Threads:** another one than that of the other calls; must not block.
    void silent(String monitor, String text);

    /// A monitor that did not answer does so again.
    ///
    /// **Threads:** as of [#silent].
    void answers(String monitor, String text);

    /// The process of a monitor cannot be ended: what it holds must not be hosted by another.
    void stuck(String monitor, String trouble);
}
