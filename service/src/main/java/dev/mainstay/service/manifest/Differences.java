package dev.mainstay.service.manifest;

import dev.mainstay.core.state.EmbeddedFailureAction;
import dev.mainstay.core.state.GroupSettings;
import dev.mainstay.core.state.MonitorChoice;
import dev.mainstay.core.state.ResourceSettings;
import dev.mainstay.core.state.Timing;
import dev.mainstay.core.state.TypeSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/// Settings as lines, under the names they have in a manifest.
final class Differences {
    private Differences() {}

    /// What a new group is given.
    static List<String> of(GroupSettings settings) {
        return set(lines(settings));
    }

    /// What a new resource is given.
    static List<String> of(ResourceSettings settings) {
        return set(lines(settings));
    }

    /// What differs between two settings of a group.
    static List<String> of(GroupSettings before, GroupSettings after) {
        return changed(lines(before), lines(after));
    }

    /// What differs between two settings of a type.
    static List<String> of(TypeSettings before, TypeSettings after) {
        return changed(lines(before), lines(after));
    }

    /// What differs between two settings of a resource; for each property also when it takes effect.
    static List<String> of(ResourceSettings before, ResourceSettings after, Effect effect) {
        var all = new ArrayList<String>();
        changed(lines(before), lines(after), (name, line) -> {
            var isProperty =
                    before.properties().containsKey(name) || after.properties().containsKey(name);
            all.add(isProperty ? line + effect.ofProperty(name) : line);
        });
        return all;
    }

    private static Map<String, String> lines(TypeSettings settings) {
        var lines = new LinkedHashMap<String, String>();
        lines.put("monitor", word(settings.monitor()));
        lines.put("memory", settings.memoryBytes() == 0 ? "" : Quantity.text(settings.memoryBytes(), Quantity.SIZE));
        lines.put("cpu", settings.cpuPercent() == 0 ? "" : settings.cpuPercent() + "%");
        lines.put("isolation", ofType(settings.isolation()));
        lines.putAll(lines(settings.timing()));
        return lines;
    }

    private static Map<String, String> lines(Timing timing) {
        var lines = new LinkedHashMap<String, String>();
        lines.put("looksAliveInterval", ofType(timing.looksAliveInterval()));
        lines.put("isAliveInterval", ofType(timing.isAliveInterval()));
        lines.put("pendingTimeout", ofType(timing.pendingTimeout()));
        lines.put("deadlockTimeout", ofType(timing.deadlockTimeout()));
        return lines;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Map<String, String> lines(GroupSettings settings) {
        var lines = new LinkedHashMap<String, String>();
        lines.put("description", settings.description());
        lines.put(
                "preferredOwners",
                String.join(
                        ", ",
                        settings.preferredOwners().stream()
                                .map(node -> node.value())
                                .toList()));
        lines.put(
                "failoverThreshold",
                settings.failoverThreshold() == GroupSettings.OTHER_NODES
                        ? "number of other nodes"
                        : String.valueOf(settings.failoverThreshold()));
        lines.put("failoverPeriod", Quantity.text(settings.failoverPeriod()));
        return lines;
    }

    private static Map<String, String> lines(ResourceSettings settings) {
        var lines = new LinkedHashMap<String, String>();
        lines.put("group", settings.group().value());
        lines.put("type", settings.type().value());
        lines.put("description", settings.description());
        lines.put("dependsOn", settings.dependency().toString());
        settings.properties().forEach((name, value) -> lines.put(name, String.join(" ", value)));
        var restart = settings.restart();
        lines.put("restart.action", word(restart.action()));
        lines.put("restart.threshold", String.valueOf(restart.threshold()));
        lines.put("restart.period", Quantity.text(restart.period()));
        lines.put("restart.delay", Quantity.text(restart.delay()));
        lines.put(
                "restart.retryPeriod", restart.retryPeriod().isZero() ? "never" : Quantity.text(restart.retryPeriod()));
        lines.putAll(lines(settings.timing()));
        lines.put(
                "possibleOwners",
                String.join(
                        ", ",
                        settings.possibleOwners().stream()
                                .map(node -> node.value())
                                .toList()));
        lines.put("monitor", settings.monitor() == MonitorChoice.OF_TYPE ? "" : word(settings.monitor()));
        lines.put(
                "embeddedFailureAction",
                settings.embeddedFailure() == EmbeddedFailureAction.RECOVER ? "" : word(settings.embeddedFailure()));
        return lines;
    }

    private static String ofType(Duration duration) {
        return duration.isZero() ? "" : Quantity.text(duration);
    }

    private static List<String> set(Map<String, String> lines) {
        return lines.entrySet().stream()
                .filter(line -> !line.getValue().isEmpty())
                .map(line -> line.getKey() + ": " + line.getValue())
                .toList();
    }

    private static List<String> changed(Map<String, String> before, Map<String, String> after) {
        var lines = new ArrayList<String>();
        changed(before, after, (_, line) -> lines.add(line));
        return lines;
    }

    private static void changed(
            Map<String, String> before, Map<String, String> after, BiConsumer<String, String> each) {
        var names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (var name : names) {
            var old = before.getOrDefault(name, "");
            var now = after.getOrDefault(name, "");
            if (!old.equals(now)) {
                each.accept(name, "%s: %s -> %s".formatted(name, shown(old), shown(now)));
            }
        }
    }

    private static String shown(String value) {
        return value.isEmpty() ? "(not set)" : value;
    }
}
