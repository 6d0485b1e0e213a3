package dev.mainstay.spi;

import java.time.Duration;
import java.util.List;

/// A resource type as data: what operators, the cluster service and the documentation need to know of it.
///
/// @param name the type's name in manifests, lower case with dashes
/// @param version the type's own version
/// @param help one or two sentences for an operator
/// @param properties the private properties
/// @param looksAliveInterval default time between two LooksAlive calls
/// @param isAliveInterval default time between two IsAlive calls
/// @param pendingTimeout default longest time between two checkpoints of a pending operation
/// @param deadlockTimeout default longest time of any one call
/// @param independent whether entry points of different resources of this type may run at the same time
public record TypeDescription(
        String name,
        String version,
        String help,
        List<PropertyDescription> properties,
        Duration looksAliveInterval,
        Duration isAliveInterval,
        Duration pendingTimeout,
        Duration deadlockTimeout,
        boolean independent) {
    /// Copies the list.
    public TypeDescription {
        properties = List.copyOf(properties);
    }

    /// A description with the field's usual defaults: 5 s, 60 s, 3 min, 5 min, independent resources.
    public static TypeDescription of(String name, String version, String help, List<PropertyDescription> properties) {
        return new TypeDescription(
                name,
                version,
                help,
                properties,
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                Duration.ofMinutes(3),
                Duration.ofMinutes(5),
                true);
    }
}
