package dev.mainstay.service.manifest;

import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.GroupSettings;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceSettings;
import dev.mainstay.core.state.ResourceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

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

    /// What differs between two settings of a resource.
    static List<String> of(ResourceSettings before, ResourceSettings after) {
        return changed(lines(before), lines(after));
    }

    /// What a change of settings means for what runs; follows what `Orders` in the core makes of it.
    static String consequence(ClusterState state, Resource present, ResourceSettings after) {
        var before = present.settings();
        if (present.status().observed().state().atRest()) {
            return "takes effect at once; nothing of it runs";
        }
        if (!before.dependency().equals(after.dependency())
                && !after.dependency().satisfiedBy(provider -> isOnline(state, provider))) {
            return "takes effect at once; it goes offline until what it depends on is online";
        }
        if (!before.properties().equals(after.properties()) || !before.timing().equals(after.timing())) {
            return "takes effect at the next online; what runs goes on as it was started";
        }
        return "takes effect at once, without a restart";
    }

    private static boolean isOnline(ClusterState state, ResourceId id) {
        return state.resource(id)
                .filter(found -> found.status().observed().state() == ResourceState.ONLINE)
                .isPresent();
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
        lines.put(
                "restart.action",
                restart.action().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        lines.put("restart.threshold", String.valueOf(restart.threshold()));
        lines.put("restart.period", Quantity.text(restart.period()));
        lines.put("restart.delay", Quantity.text(restart.delay()));
        lines.put(
                "restart.retryPeriod", restart.retryPeriod().isZero() ? "never" : Quantity.text(restart.retryPeriod()));
        var timing = settings.timing();
        lines.put("looksAliveInterval", ofType(timing.looksAliveInterval()));
        lines.put("isAliveInterval", ofType(timing.isAliveInterval()));
        lines.put("pendingTimeout", ofType(timing.pendingTimeout()));
        lines.put("deadlockTimeout", ofType(timing.deadlockTimeout()));
        lines.put(
                "possibleOwners",
                String.join(
                        ", ",
                        settings.possibleOwners().stream()
                                .map(node -> node.value())
                                .toList()));
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
        var names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        var changed = new ArrayList<String>();
        for (var name : names) {
            var old = before.getOrDefault(name, "");
            var now = after.getOrDefault(name, "");
            if (!old.equals(now)) {
                changed.add("%s: %s -> %s".formatted(name, shown(old), shown(now)));
            }
        }
        return changed;
    }

    private static String shown(String value) {
        return value.isEmpty() ? "(not set)" : value;
    }
}
