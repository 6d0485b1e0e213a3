package dev.mainstay.api;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Objects;

/// A resource type.
///
/// @param looksAliveInterval default, such as `5s`
/// @param isAliveInterval default
/// @param pendingTimeout default
/// @param deadlockTimeout default
/// @param requiredDependencies classes or types, each of which a resource of this type has to depend on
/// @param plugin the plugin it came from, or empty for a built-in type
/// @param loadedFrom the jar or folder of that plugin on the node that answers, or empty for a built-in type
/// @param contractVersion version of the contract it uses with its monitor, 0 before its first use
/// @param independent whether calls of different resources may overlap
/// @param resourceClass what its resources are for others, or empty
/// @param characteristics what the cluster has to respect
/// @param controls controls of its own
/// @param calls what each monitor of the node measured of its entry points; empty in a list of types
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
        List<String> requiredDependencies,
        String plugin,
        String loadedFrom,
        int contractVersion,
        boolean independent,
        String resourceClass,
        List<String> characteristics,
        List<OwnControl> controls,
        List<MeasuresView.CallsView> calls) {
    /// A service of an older version tells less.
    public TypeView {
        requiredDependencies = Objects.requireNonNullElse(requiredDependencies, List.of());
        loadedFrom = Objects.requireNonNullElse(loadedFrom, "");
        plugin = Objects.requireNonNullElse(plugin, "");
        resourceClass = Objects.requireNonNullElse(resourceClass, "");
        characteristics = Objects.requireNonNullElse(characteristics, List.of());
        controls = Objects.requireNonNullElse(controls, List.of());
        calls = Objects.requireNonNullElse(calls, List.of());
    }

    /// A control of a type's own.
    ///
    /// @param of `resource` or `type`, to which it is addressed
    /// @param writes whether it changes anything
    /// @param input names of what it takes
    @Json
    public record OwnControl(String code, String of, boolean writes, List<String> input, String help) {}

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
