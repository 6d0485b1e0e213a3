package dev.mainstay.core.state;

/// The name of a resource type.
public record TypeName(String value) implements Comparable<TypeName> {
    /// Checks the spelling.
    public TypeName {
        Names.check(value);
    }

    @Override
    public int compareTo(TypeName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
