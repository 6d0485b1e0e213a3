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
/// @param abilities what it can do and needs beyond the plain entry points
public record TypeDescription(
        String name,
        String version,
        String help,
        List<PropertyDescription> properties,
        Duration looksAliveInterval,
        Duration isAliveInterval,
        Duration pendingTimeout,
        Duration deadlockTimeout,
        boolean independent,
        Abilities abilities) {
    /// Copies the list.
    public TypeDescription {
        properties = List.copyOf(properties);
    }

    /// A type that can do nothing beyond the plain entry points.
    public TypeDescription(
            String name,
            String version,
            String help,
            List<PropertyDescription> properties,
            Duration looksAliveInterval,
            Duration isAliveInterval,
            Duration pendingTimeout,
            Duration deadlockTimeout,
            boolean independent) {
        this(
                name,
                version,
                help,
                properties,
                looksAliveInterval,
                isAliveInterval,
                pendingTimeout,
                deadlockTimeout,
                independent,
                Abilities.NONE);
    }

    /// A description with the field's usual defaults, to begin with: checks every 5 s and 60 s, pending timeout
    /// 3 min, deadlock timeout 5 min, independent resources. The methods that begin with `with` change one
    /// each.
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

    /// This description with other default times between two checks.
    public TypeDescription withChecks(Duration looksAlive, Duration isAlive) {
        return new TypeDescription(
                name,
                version,
                help,
                properties,
                looksAlive,
                isAlive,
                pendingTimeout,
                deadlockTimeout,
                independent,
                abilities);
    }

    /// This description with another default for the longest time between two checkpoints.
    public TypeDescription withPendingTimeout(Duration limit) {
        return new TypeDescription(
                name,
                version,
                help,
                properties,
                looksAliveInterval,
                isAliveInterval,
                limit,
                deadlockTimeout,
                independent,
                abilities);
    }

    /// This description with another default for the longest time of any one call.
    public TypeDescription withDeadlockTimeout(Duration limit) {
        return new TypeDescription(
                name,
                version,
                help,
                properties,
                looksAliveInterval,
                isAliveInterval,
                pendingTimeout,
                limit,
                independent,
                abilities);
    }

    /// This description of a type that takes one call at a time, whichever resource it is for.
    public TypeDescription withOneCallAtATime() {
        return new TypeDescription(
                name,
                version,
                help,
                properties,
                looksAliveInterval,
                isAliveInterval,
                pendingTimeout,
                deadlockTimeout,
                false,
                abilities);
    }

    /// This description with abilities.
    public TypeDescription with(Abilities other) {
        return new TypeDescription(
                name,
                version,
                help,
                properties,
                looksAliveInterval,
                isAliveInterval,
                pendingTimeout,
                deadlockTimeout,
                independent,
                other);
    }
}
