package dev.mainstay.core.state;

/// The name of a resource, unique in the cluster.
public record ResourceId(String value) implements Comparable<ResourceId> {
    /// Checks the spelling.
    public ResourceId {
        Names.check(value);
    }

    @Override
    public int compareTo(ResourceId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
