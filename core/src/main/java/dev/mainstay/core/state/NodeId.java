package dev.mainstay.core.state;

/// The name of a node, unique in the cluster.
public record NodeId(String value) implements Comparable<NodeId> {
    /// Checks the spelling.
    public NodeId {
        Names.check(value);
    }

    @Override
    public int compareTo(NodeId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
