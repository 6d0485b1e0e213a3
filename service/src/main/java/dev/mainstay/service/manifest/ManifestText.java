package dev.mainstay.service.manifest;

import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.EmbeddedFailureAction;
import dev.mainstay.core.state.Group;
import dev.mainstay.core.state.GroupSettings;
import dev.mainstay.core.state.MonitorChoice;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.RestartPolicy;
import dev.mainstay.core.state.Timing;
import dev.mainstay.core.state.TypeSettings;
import dev.mainstay.protocol.TypeSpec;
import dev.mainstay.protocol.TypeSpec.PropertySpec;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/// Writes the running configuration as a manifest: what [ManifestReader] makes of it is the same configuration.
///
/// What stands at its default is left out, except what a resource or a group is. Every text is quoted, so that
/// none can be read as something else.
public final class ManifestText {
    private final ClusterState state;
    private final Map<String, TypeSpec> types;
    private final StringBuilder text = new StringBuilder();

    private ManifestText(ClusterState state, Map<String, TypeSpec> types) {
        this.state = state;
        this.types = types;
    }

    /// The manifest of the cluster.
    ///
    /// @param types what the properties of resources are, by name of their type
    /// @param wanted which groups
    public static String of(ClusterState state, Map<String, TypeSpec> types, Predicate<Group> wanted) {
        return new ManifestText(state, types).write(wanted);
    }

    private String write(Predicate<Group> wanted) {
        line(0, "cluster", quoted(state.name()));
        var set = state.types().keySet().stream()
                .map(state::typeSettings)
                .filter(settings -> !settings.equals(TypeSettings.unset(settings.type())))
                .toList();
        if (!set.isEmpty()) {
            line(0, "types", "");
            set.forEach(this::type);
        }
        var groups = state.groups().values().stream().filter(wanted).toList();
        line(0, "groups", groups.isEmpty() ? "{}" : "");
        groups.forEach(this::group);
        return text.toString();
    }

    private void type(TypeSettings settings) {
        line(1, settings.type().value(), "");
        line(2, "monitor", word(settings.monitor()));
        if (settings.memoryBytes() > 0) {
            line(2, "memory", Quantity.text(settings.memoryBytes(), Quantity.SIZE));
        }
        if (settings.cpuPercent() > 0) {
            line(2, "cpu", settings.cpuPercent() + "%");
        }
        duration(2, "isolation", settings.isolation(), Duration.ZERO);
        timing(2, settings.timing());
    }

    private void group(Group group) {
        var settings = group.settings();
        line(1, quoted(settings.id().value()), "");
        described(2, settings.description());
        names(2, "preferredOwners", settings.preferredOwners());
        if (settings.failoverThreshold() != GroupSettings.OTHER_NODES) {
            line(2, "failoverThreshold", Integer.toString(settings.failoverThreshold()));
        }
        duration(2, "failoverPeriod", settings.failoverPeriod(), GroupSettings.DEFAULT_FAILOVER_PERIOD);
        if (!group.status().wantedOnline()) {
            line(2, "online", "false");
        }
        var resources = state.resourcesOf(settings.id());
        line(2, "resources", resources.isEmpty() ? "{}" : "");
        resources.forEach(this::resource);
    }

    private void resource(Resource resource) {
        var settings = resource.settings();
        line(3, quoted(settings.id().value()), "");
        line(4, "type", settings.type().value());
        described(4, settings.description());
        var dependency = settings.dependency().toString();
        if (!dependency.isEmpty()) {
            line(4, "dependsOn", quoted(dependency));
        }
        if (!settings.properties().isEmpty()) {
            line(4, "properties", "");
            settings.properties()
                    .forEach((name, values) -> property(settings.type().value(), name, values));
        }
        restart(settings.restart());
        timing(4, settings.timing());
        names(4, "possibleOwners", settings.possibleOwners());
        if (settings.monitor() != MonitorChoice.OF_TYPE) {
            line(4, "monitor", word(settings.monitor()));
        }
        if (settings.embeddedFailure() != EmbeddedFailureAction.RECOVER) {
            line(4, "embeddedFailureAction", word(settings.embeddedFailure()));
        }
    }

    private void property(String type, String name, List<String> values) {
        switch (kind(type, name)) {
            case "LIST" -> {
                line(5, quoted(name), values.isEmpty() ? "[]" : "");
                values.forEach(value -> text.append("  ".repeat(6))
                        .append("- ")
                        .append(filled(value))
                        .append('\n'));
            }
            case "MAP" -> {
                line(5, quoted(name), values.isEmpty() ? "{}" : "");
                values.forEach(pair -> {
                    var equals = pair.indexOf('=');
                    line(6, quoted(pair.substring(0, equals)), filled(pair.substring(equals + 1)));
                });
            }
            case "TEXT" -> line(5, quoted(name), filled(String.join(" ", values)));
            default -> line(5, quoted(name), quoted(String.join(" ", values)));
        }
    }

    private String kind(String type, String name) {
        var spec = types.get(type);
        return spec == null
                ? "LIST"
                : spec.properties().stream()
                        .filter(property -> property.name().equals(name))
                        .map(PropertySpec::kind)
                        .findFirst()
                        .orElse("TEXT");
    }

    private void restart(RestartPolicy restart) {
        if (restart.equals(RestartPolicy.DEFAULT)) {
            return;
        }
        line(4, "restart", "");
        line(5, "action", word(restart.action()));
        line(5, "threshold", Integer.toString(restart.threshold()));
        line(5, "period", Quantity.text(restart.period()));
        line(5, "delay", Quantity.text(restart.delay()));
        line(5, "retryPeriod", restart.retryPeriod().isZero() ? "never" : Quantity.text(restart.retryPeriod()));
    }

    private void timing(int depth, Timing timing) {
        duration(depth, "looksAliveInterval", timing.looksAliveInterval(), Duration.ZERO);
        duration(depth, "isAliveInterval", timing.isAliveInterval(), Duration.ZERO);
        duration(depth, "pendingTimeout", timing.pendingTimeout(), Duration.ZERO);
        duration(depth, "deadlockTimeout", timing.deadlockTimeout(), Duration.ZERO);
    }

    private void duration(int depth, String key, Duration value, Duration usual) {
        if (!value.equals(usual)) {
            line(depth, key, Quantity.text(value));
        }
    }

    private void described(int depth, String description) {
        if (!description.isEmpty()) {
            line(depth, "description", quoted(description));
        }
    }

    private void names(int depth, String key, Collection<?> names) {
        if (!names.isEmpty()) {
            line(
                    depth,
                    key,
                    names.stream().map(name -> quoted(name.toString())).toList().toString());
        }
    }

    private void line(int depth, String key, String value) {
        text.append("  ".repeat(depth))
                .append(key)
                .append(value.isEmpty() ? ":" : ": ")
                .append(value)
                .append('\n');
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// A text in which variables are filled in: a dollar sign stays one.
    private static String filled(String value) {
        return quoted(value.replace("$", "$$"));
    }

    private static String quoted(String value) {
        var quoted = new StringBuilder("\"");
        value.codePoints().forEach(one -> {
            switch (one) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (one < ' ' || (one >= 0x7f && one < 0xa0) || one == 0x2028 || one == 0x2029 || one == 0xfeff) {
                        quoted.append("\\u%04x".formatted(one));
                    } else {
                        quoted.appendCodePoint(one);
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }
}
