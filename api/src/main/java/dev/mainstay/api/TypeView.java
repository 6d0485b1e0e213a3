package dev.mainstay.api;

import io.avaje.jsonb.Json;
import java.util.List;

/// A resource type.
///
/// @param looksAliveInterval default, such as `5s`
/// @param isAliveInterval default
/// @param pendingTimeout default
/// @param deadlockTimeout default
/// @param requiredDependencies classes or types, each of which a resource of this type has to depend on
@Json
public record TypeView(
        String name,
        String version,
        String help,
        String looksAliveInterval,
        String isAliveInterval,
        String pendingTimeout,
        String deadlockTimeout,
        List<PropertyView> properties,
        List<String> requiredDependencies) {
    /// A private property of a type.
    ///
    /// @param kind `text`, `integer`, `flag`, `duration`, `size`, `choice`, `list` or `map`
    /// @param defaultValue as written in a manifest, or empty
    /// @param limits permitted values in words, or empty
    /// @param applies when a changed value of an online resource takes effect: `at once`, `next online` or `after
    ///     restart`
    @Json
    public record PropertyView(
            String name,
            String kind,
            boolean required,
            String defaultValue,
            String limits,
            String help,
            String applies) {}
}
