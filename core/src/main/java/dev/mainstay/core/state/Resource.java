package dev.mainstay.core.state;

/// A resource: its configuration and its status.
///
/// @param settings what was configured
/// @param status what was wanted, decided and observed
/// @param revision the revision at which the settings last changed
public record Resource(ResourceSettings settings, ResourceStatus status, long revision) {
    /// The revision of all that its monitor is told of it.
    public long specRevision() {
        return Math.max(revision, status.maintenance().revision());
    }

    /// This resource with the times of its type where it has none of its own.
    public Resource timedBy(TypeSettings ofType) {
        return new Resource(settings.with(settings.timing().or(ofType.timing())), status, revision);
    }

    /// This resource with another status.
    public Resource with(ResourceStatus other) {
        return new Resource(settings, other, revision);
    }
}
