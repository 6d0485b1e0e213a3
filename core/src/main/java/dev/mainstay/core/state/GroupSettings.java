package dev.mainstay.core.state;

import java.time.Duration;
import java.util.List;

/// The configuration of a group.
///
/// @param id its name
/// @param description a comment
/// @param preferredOwners nodes it prefers, best first
/// @param failoverThreshold how many failovers within the period are allowed; -1 for the number of nodes less one
/// @param failoverPeriod the sliding window in which failovers are counted
public record GroupSettings(
        GroupId id, String description, List<NodeId> preferredOwners, int failoverThreshold, Duration failoverPeriod) {
    /// Failovers allowed by default: as many as there are other nodes.
    public static final int OTHER_NODES = -1;

    /// The field's usual failover period.
    public static final Duration DEFAULT_FAILOVER_PERIOD = Duration.ofHours(6);

    /// Copies the list.
    public GroupSettings {
        preferredOwners = List.copyOf(preferredOwners);
    }
}
