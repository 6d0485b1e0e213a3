package dev.mainstay.core.state;

/// The name of a group, unique in the cluster.
public record GroupId(String value) implements Comparable<GroupId> {
    /// Checks the spelling.
    public GroupId {
        Names.check(value);
    }

    @Override
    public int compareTo(GroupId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
