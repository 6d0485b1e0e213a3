package dev.mainstay.core.state;

/// Why something was decided; the same value is shown by command, journal and test.
///
/// @param rule the rule that applied
/// @param text the rule applied to this case, in words for an operator, with names, numbers and units
public record Reason(Rule rule, String text) {
    /// The rules that decisions follow.
    public enum Rule {
        /// An operator asked for it.
        REQUESTED,
        /// The configuration was applied or changed.
        CONFIGURED,
        /// The node started: groups are brought to their persistent state.
        PERSISTENT_STATE,
        /// The monitor reported it.
        REPORTED,
        /// The monitor of the resource died and the resource could not be adopted.
        MONITOR_LOST,
        /// The restart threshold is not reached: restart in place.
        RESTART,
        /// The restart action says: do not restart.
        NO_RESTART,
        /// The restart threshold is reached and the restart action says: stay failed.
        RESTART_THRESHOLD_REACHED,
        /// The restart threshold is reached: the group moves to another node.
        FAILOVER,
        /// The failover threshold is reached: the group stays failed.
        FAILOVER_THRESHOLD_REACHED,
        /// No other node is up and a possible owner: the group stays failed.
        NO_POSSIBLE_OWNER_UP,
        /// The retry period is over: counters start anew.
        RETRY,
        /// A restart delay is over.
        RESTART_DUE,
        /// Nodes were weighed for a new group.
        PLACEMENT,
        /// The source node has taken everything offline.
        MOVED,
        /// A node or the cluster starts or stops.
        NODE,
        /// Somebody works on the resource: nothing is done about it.
        MAINTENANCE,
        /// A failure inside the resource was reported.
        EMBEDDED_FAILURE,
        /// A network that the resource serves on is gone from its node.
        NETWORK_LOSS,
        /// The machine of the node was started again: what ran on it ended without a failure of its own.
        REBOOT,
        /// The cluster service and the monitors of a node ended with what they ran: that counts once.
        CRASH,
        /// It stops because something that it needs is not there.
        PROVIDER,
        /// No repetition on this node mends the failure.
        LASTING_FAILURE
    }
}
