package dev.mainstay.core.state;

import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;

/// The configuration of a resource.
///
/// @param id its name
/// @param group the group it belongs to
/// @param type its type
/// @param description a comment
/// @param properties private properties: one value for plain kinds, several for a list, `name=value` each for a
///     map
/// @param dependency what must be online first; only resources of the same group
/// @param restart what follows from a failure
/// @param timing times kept by the monitor
/// @param possibleOwners nodes it may be on; empty for all
/// @param monitor which monitor hosts it
/// @param embeddedFailure what follows from a failure inside it
public record ResourceSettings(
        ResourceId id,
        GroupId group,
        TypeName type,
        String description,
        SortedMap<String, List<String>> properties,
        Dependency dependency,
        RestartPolicy restart,
        Timing timing,
        SortedSet<NodeId> possibleOwners,
        MonitorChoice monitor,
        EmbeddedFailureAction embeddedFailure) {
    /// Copies the collections.
    public ResourceSettings {
        properties = Copies.ofMap(properties);
        possibleOwners = Copies.ofSet(possibleOwners);
    }

    /// Settings with the usual monitor and embedded failure action.
    public ResourceSettings(
            ResourceId id,
            GroupId group,
            TypeName type,
            String description,
            SortedMap<String, List<String>> properties,
            Dependency dependency,
            RestartPolicy restart,
            Timing timing,
            SortedSet<NodeId> possibleOwners) {
        this(
                id,
                group,
                type,
                description,
                properties,
                dependency,
                restart,
                timing,
                possibleOwners,
                MonitorChoice.OF_TYPE,
                EmbeddedFailureAction.RECOVER);
    }

    /// These settings with other times.
    ResourceSettings with(Timing other) {
        return new ResourceSettings(
                id,
                group,
                type,
                description,
                properties,
                dependency,
                restart,
                other,
                possibleOwners,
                monitor,
                embeddedFailure);
    }

    /// These settings with other private properties.
    public ResourceSettings with(SortedMap<String, List<String>> other) {
        return new ResourceSettings(
                id,
                group,
                type,
                description,
                other,
                dependency,
                restart,
                timing,
                possibleOwners,
                monitor,
                embeddedFailure);
    }

    /// These settings with another dependency.
    public ResourceSettings with(Dependency other) {
        return new ResourceSettings(
                id,
                group,
                type,
                description,
                properties,
                other,
                restart,
                timing,
                possibleOwners,
                monitor,
                embeddedFailure);
    }
}
