package dev.mainstay.spi;

/// What kind of failure a type signals.
public enum FailureKind {
    /// The resource itself: the monitor confirms with IsAlive and the restart policy follows.
    GENERAL,
    /// Something inside it, such as an application in a machine: the resource runs, and its
    /// `embeddedFailureAction` follows.
    EMBEDDED,
    /// A network it serves on is gone: the group moves if another node has that network.
    NETWORK_LOSS,
    /// Somebody else started it while the cluster has it offline or failed: it is terminated, so that it never
    /// runs where the cluster does not know of it, and the report says so. Signal it again for as long as it
    /// runs: while something is under way nothing follows.
    FOREIGN_START
}
