package dev.mainstay.service.monitors;

/// How the process of a monitor is set up; a change takes effect when it is started next.
///
/// @param heapBytes the largest heap of its JVM, in bytes
/// @param cpuPercent share of one processor that it may use, in percent; 0 for no limit
public record MonitorSetup(long heapBytes, int cpuPercent) {
    /// Enough for ten thousand resources of the built-in types.
    public static final MonitorSetup USUAL = new MonitorSetup(128L << 20, 0);
}
