package dev.mainstay.protocol;

import java.util.List;

/// A resource type as a monitor describes it to its service.
///
/// @param name the type's name
/// @param version the type's own version
/// @param help what it is, for an operator
/// @param properties its private properties
/// @param looksAliveMillis default in milliseconds
/// @param isAliveMillis default in milliseconds
/// @param pendingTimeoutMillis default in milliseconds
/// @param deadlockTimeoutMillis default in milliseconds
/// @param independent whether calls of different resources may overlap
/// @param abilities what it can do and needs beyond the plain entry points
public record TypeSpec(
        String name,
        String version,
        String help,
        List<PropertySpec> properties,
        long looksAliveMillis,
        long isAliveMillis,
        long pendingTimeoutMillis,
        long deadlockTimeoutMillis,
        boolean independent,
        AbilitySpec abilities) {
    /// Checks what is computed with.
    public TypeSpec {
        Permitted.name("the type", name);
        Permitted.millis("the LooksAlive interval", looksAliveMillis);
        Permitted.millis("the IsAlive interval", isAliveMillis);
        Permitted.millis("the pending timeout", pendingTimeoutMillis);
        Permitted.millis("the deadlock timeout", deadlockTimeoutMillis);
    }

    /// A type that can do nothing beyond the plain entry points.
    public TypeSpec(
            String name,
            String version,
            String help,
            List<PropertySpec> properties,
            long looksAliveMillis,
            long isAliveMillis,
            long pendingTimeoutMillis,
            long deadlockTimeoutMillis,
            boolean independent) {
        this(
                name,
                version,
                help,
                properties,
                looksAliveMillis,
                isAliveMillis,
                pendingTimeoutMillis,
                deadlockTimeoutMillis,
                independent,
                AbilitySpec.NONE);
    }

    /// What a type can do and needs beyond the plain entry points.
    ///
    /// @param resourceClass what its resources are for others, or empty
    /// @param characteristics names of what the cluster has to respect
    /// @param requiredDependencies classes or type names, each of which must be among the providers of a resource
    /// @param controls controls of the type's own
    /// @param spiVersion version of the contract that type and monitor chose, 0 before its first use
    /// @param plugin where it was loaded from, or empty for a built-in type
    public record AbilitySpec(
            String resourceClass,
            List<String> characteristics,
            List<String> requiredDependencies,
            List<ControlSpec> controls,
            int spiVersion,
            String plugin) {
        /// Nothing beyond the entry points, built in.
        public static final AbilitySpec NONE = new AbilitySpec("", List.of(), List.of(), List.of(), 0, "");
    }

    /// One control of a type's own.
    ///
    /// @param code its name
    /// @param ofType whether it is addressed to the type instead of a resource
    /// @param writes whether it changes anything
    /// @param input what it takes
    /// @param output what it answers
    /// @param help what it does
    public record ControlSpec(
            String code,
            boolean ofType,
            boolean writes,
            List<PropertySpec> input,
            List<PropertySpec> output,
            String help) {}

    /// One private property.
    ///
    /// @param name its name; a dot makes a section
    /// @param kind TEXT, INTEGER, FLAG, DURATION, SIZE, CHOICE, LIST or MAP
    /// @param required whether it must be set
    /// @param defaultValue as written in a manifest, empty for none
    /// @param choices permitted texts of a CHOICE
    /// @param minimum smallest number, milliseconds or bytes
    /// @param maximum largest number, milliseconds or bytes
    /// @param help what it does
    /// @param applies when a changed value takes effect: AT_ONCE, NEXT_ONLINE or AFTER_RESTART
    public record PropertySpec(
            String name,
            String kind,
            boolean required,
            List<String> defaultValue,
            List<String> choices,
            long minimum,
            long maximum,
            String help,
            String applies) {
        /// A property whose changed value takes effect when the resource comes online the next time.
        public PropertySpec(
                String name,
                String kind,
                boolean required,
                List<String> defaultValue,
                List<String> choices,
                long minimum,
                long maximum,
                String help) {
            this(name, kind, required, defaultValue, choices, minimum, maximum, help, "NEXT_ONLINE");
        }
    }
}
