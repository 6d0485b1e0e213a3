package dev.mainstay.monitor.host;

import dev.mainstay.protocol.HeldResource;

/// What a host says: to its service and into the log.
///
/// **Threads:** any; never blocks.
public interface Voice {
    /// The state of a resource changed.
    void report(HeldResource held);

    /// A resource is not hosted any more.
    void closed(String resource);

    /// A line for the log.
    void log(System.Logger.Level level, String resource, String text);
}
