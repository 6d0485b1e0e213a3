package dev.mainstay.core.state;

/// A group: its configuration and its status.
public record Group(GroupSettings settings, GroupStatus status) {
    /// This group with another status.
    public Group with(GroupStatus other) {
        return new Group(settings, other);
    }
}
