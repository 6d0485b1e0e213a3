package dev.mainstay.core.state;

/// Which monitor hosts a resource.
public enum MonitorChoice {
    /// As its type is set; a type that is not set means [#SHARED].
    OF_TYPE,
    /// The node's default monitor.
    SHARED,
    /// One monitor for all resources of its type.
    TYPE,
    /// One monitor for all resources of its group.
    GROUP,
    /// A monitor of its own.
    SEPARATE
}
