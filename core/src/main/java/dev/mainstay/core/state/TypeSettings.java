package dev.mainstay.core.state;

import java.time.Duration;

/// The configuration of a resource type in the cluster.
///
/// @param type the type
/// @param monitor which monitor hosts its resources, unless a resource says otherwise
/// @param memoryBytes heap of a monitor that hosts only this type, in bytes; 0 for the usual one
/// @param cpuPercent share of one processor that such a monitor may use, in percent; 0 for no limit
/// @param isolation how long a resource whose call hung keeps a monitor of its own; zero: until the cluster
///     service restarts
/// @param timing of its resources, unless a resource says otherwise
public record TypeSettings(
        TypeName type, MonitorChoice monitor, long memoryBytes, int cpuPercent, Duration isolation, Timing timing) {
    /// Settings with the type's own timing.
    public TypeSettings(TypeName type, MonitorChoice monitor, long memoryBytes, int cpuPercent, Duration isolation) {
        this(type, monitor, memoryBytes, cpuPercent, isolation, Timing.OF_TYPE);
    }

    /// A type that nothing is set for.
    public static TypeSettings unset(TypeName type) {
        return new TypeSettings(type, MonitorChoice.SHARED, 0, 0, Duration.ZERO);
    }
}
