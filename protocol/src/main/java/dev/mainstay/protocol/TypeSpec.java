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
public record TypeSpec(
        String name,
        String version,
        String help,
        List<PropertySpec> properties,
        long looksAliveMillis,
        long isAliveMillis,
        long pendingTimeoutMillis,
        long deadlockTimeoutMillis,
        boolean independent) {
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
    public record PropertySpec(
            String name,
            String kind,
            boolean required,
            List<String> defaultValue,
            List<String> choices,
            long minimum,
            long maximum,
            String help) {}
}
