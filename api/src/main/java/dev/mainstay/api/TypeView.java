package dev.mainstay.api;

import io.avaje.jsonb.Json;
import java.util.List;

/// A resource type.
///
/// @param looksAliveInterval default, such as `5s`
/// @param isAliveInterval default
/// @param pendingTimeout default
/// @param deadlockTimeout default
@Json
public record TypeView(
        String name,
        String version,
        String help,
        String looksAliveInterval,
        String isAliveInterval,
        String pendingTimeout,
        String deadlockTimeout,
        List<PropertyView> properties) {
    /// A private property of a type.
    ///
    /// @param kind `text`, `integer`, `flag`, `duration`, `size`, `choice`, `list` or `map`
    /// @param defaultValue as written in a manifest, or empty
    /// @param limits permitted values in words, or empty
    @Json
    public record PropertyView(
            String name, String kind, boolean required, String defaultValue, String limits, String help) {}
}
