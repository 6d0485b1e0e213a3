package dev.mainstay.spi;

/// What a resource type is told when it is prepared in a monitor.
///
/// **Threads:** any.
public interface TypeContext {
    /// The oldest version of this contract that the monitor speaks.
    int oldestVersion();

    /// The newest version of this contract that the monitor speaks.
    int newestVersion();

    /// Writes to the monitor's log under the type's name.
    System.Logger logger();

    /// The cluster; cannot be asked before control `starting-phase2`.
    ClusterView cluster();
}
