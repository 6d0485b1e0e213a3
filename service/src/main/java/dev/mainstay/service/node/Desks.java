package dev.mainstay.service.node;

import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.service.monitors.MonitorSetup;
import java.util.function.Consumer;

/// The monitors as the control of resources uses them; no method blocks.
///
/// **Threads:** one.
interface Desks {
    /// Sends a message; it is lost when the monitor is not connected.
    void send(String monitor, ToMonitor message);

    /// Has a monitor pass a notice on.
    ///
    /// @param heard is told, on any thread, whether the monitor was there to pass it on
    void tell(String monitor, Notices.Notice notice, Consumer<Boolean> heard);

    /// The monitor is needed with this set-up: it is started when it does not run.
    void need(String monitor, MonitorSetup setup);

    /// The monitor hosts nothing and nothing is meant for it.
    void release(String monitor);
}
