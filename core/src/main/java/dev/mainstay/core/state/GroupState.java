package dev.mainstay.core.state;

import java.util.Collection;

/// The state of a group, derived from its resources.
public enum GroupState {
    /// All resources are online.
    ONLINE,
    /// No resource is online, or there is none.
    OFFLINE,
    /// At least one resource has failed.
    FAILED,
    /// Some resources are online, some are not.
    PARTIAL_ONLINE,
    /// At least one resource comes online or goes offline.
    PENDING;

    /// The state by the field's precedence: failed, pending, partial online, online, offline.
    public static GroupState of(Collection<ResourceState> resources) {
        if (resources.contains(ResourceState.FAILED)) {
            return FAILED;
        }
        if (resources.contains(ResourceState.ONLINE_PENDING) || resources.contains(ResourceState.OFFLINE_PENDING)) {
            return PENDING;
        }
        if (!resources.contains(ResourceState.ONLINE)) {
            return OFFLINE;
        }
        return resources.stream().allMatch(ResourceState.ONLINE::equals) ? ONLINE : PARTIAL_ONLINE;
    }
}
