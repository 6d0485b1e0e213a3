package dev.mainstay.core.state;

/// A member of the cluster.
///
/// @param id its name
/// @param state whether its cluster service takes part
/// @param incarnation number of the start of its cluster service; reports of an older one are ignored
/// @param boot the boot of its machine in which that was
public record Node(NodeId id, State state, long incarnation, Boot boot) {
    /// A node of whose machine nothing is known.
    public Node(NodeId id, State state, long incarnation) {
        this(id, state, incarnation, Boot.UNKNOWN);
    }

    /// This node in another state.
    public Node in(State other) {
        return new Node(id, other, incarnation, boot);
    }

    /// Whether a node takes part.
    public enum State {
        /// Its cluster service runs.
        UP,
        /// Its cluster service takes everything offline before it ends.
        STOPPING,
        /// Its cluster service has ended in good order.
        DOWN
    }
}
