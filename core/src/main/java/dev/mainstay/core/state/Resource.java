package dev.mainstay.core.state;

/// A resource: its configuration and its status.
///
/// @param settings what was configured
/// @param status what was wanted, decided and observed
/// @param revision the revision at which the settings last changed
public record Resource(ResourceSettings settings, ResourceStatus status, long revision) {
    /// This resource with another status.
    public Resource with(ResourceStatus other) {
        return new Resource(settings, other, revision);
    }
}
