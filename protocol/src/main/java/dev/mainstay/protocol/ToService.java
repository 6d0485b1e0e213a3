package dev.mainstay.protocol;

import java.util.List;

/// What a resource monitor says to its cluster service.
public sealed interface ToService extends Message {
    /// First frame of a monitor.
    ///
    /// @param oldestVersion oldest protocol version it speaks
    /// @param newestVersion newest protocol version it speaks
    /// @param monitor its name on this node, such as `default`
    /// @param credential the one-time token from its standard input, or the session key when it connects again
    /// @param process who it is
    record Hello(int oldestVersion, int newestVersion, String monitor, String credential, ProcessRef process)
            implements ToService {
        /// A process by pid, start time in ticks since boot, and boot id.
        public record ProcessRef(long pid, long startTicks, String bootId) {}
    }

    /// Everything the monitor holds: sent after [ToMonitor.Welcome] and on [ToMonitor.Ask].
    ///
    /// @param types the resource types it has loaded
    /// @param held the resources it hosts
    record Inventory(List<TypeSpec> types, List<HeldResource> held) implements ToService {
        /// Copies the lists.
        public Inventory {
            types = List.copyOf(types);
            held = List.copyOf(held);
        }
    }

    /// The state of one resource changed.
    record Report(HeldResource held) implements ToService {}

    /// A resource is closed and no longer hosted.
    record Closed(String resource) implements ToService {}

    /// A line for the node's log.
    ///
    /// @param level name of a `System.Logger.Level`
    /// @param resource the resource it speaks of, or empty
    record LogLine(String level, String resource, String text) implements ToService {}
}
