package dev.mainstay.service.manifest;

import dev.mainstay.core.state.GroupSettings;
import dev.mainstay.core.state.ResourceSettings;
import java.util.List;

/// A group of a manifest.
///
/// @param online the persistent state the group gets when the manifest creates it
/// @param resources in the order of the file
public record ManifestGroup(GroupSettings settings, boolean online, List<ResourceSettings> resources) {
    /// Copies the list.
    public ManifestGroup {
        resources = List.copyOf(resources);
    }
}
