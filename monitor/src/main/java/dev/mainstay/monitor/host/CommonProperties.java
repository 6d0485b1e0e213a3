package dev.mainstay.monitor.host;

import static dev.mainstay.spi.PropertyDescription.Applies.AT_ONCE;

import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.spi.PropertyDescription;
import dev.mainstay.spi.PropertyDescription.Kind;
import dev.mainstay.spi.SpiVersion;
import dev.mainstay.spi.TypeDescription;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The common properties that a monitor works by, named as in manifests.
///
/// Those by which the cluster decides (restart policy, possible owners and so on) are the cluster service's.
final class CommonProperties {
    private static final long MAX_MILLIS = 365L * 24 * 3_600_000;

    /// Of a resource.
    static final List<PropertyDescription> OF_RESOURCE = List.of(
            span("looksAliveInterval", 10, "time between two cheap checks"),
            span("isAliveInterval", 10, "time between two thorough checks"),
            span("pendingTimeout", 10, "longest time an operation may go without a new checkpoint"),
            span("deadlockTimeout", 1_000, "longest time one call may last before its monitor is given up"));

    /// Of a type: what its resources have unless they say otherwise.
    static final List<PropertyDescription> OF_TYPE = List.of(
            span("looksAliveInterval", 10, "time between two cheap checks"),
            span("isAliveInterval", 10, "time between two thorough checks"),
            span("pendingTimeout", 10, "longest time an operation may go without a new checkpoint"),
            span("deadlockTimeout", 30_000, "longest time one call may last before its monitor is given up"));

    private CommonProperties() {}

    private static PropertyDescription span(String name, long leastMillis, String help) {
        return PropertyDescription.optional(name, Kind.DURATION, help)
                .within(leastMillis, MAX_MILLIS)
                .applying(AT_ONCE);
    }

    static Map<String, List<String>> of(ResourceSpec spec, TypeDescription type) {
        return spans(
                orElse(spec.looksAliveMillis(), type.looksAliveInterval().toMillis()),
                orElse(spec.isAliveMillis(), type.isAliveInterval().toMillis()),
                orElse(spec.pendingTimeoutMillis(), type.pendingTimeout().toMillis()),
                Intervals.deadlockMillis(spec, type));
    }

    private static long orElse(long own, long ofType) {
        return own > 0 ? own : ofType;
    }

    static Map<String, List<String>> of(TypeDescription type) {
        return spans(
                type.looksAliveInterval().toMillis(),
                type.isAliveInterval().toMillis(),
                type.pendingTimeout().toMillis(),
                type.deadlockTimeout().toMillis());
    }

    private static Map<String, List<String>> spans(
            long looksAlive, long isAlive, long pendingTimeout, long deadlockTimeout) {
        return Map.of(
                "looksAliveInterval", List.of(Units.span(looksAlive)),
                "isAliveInterval", List.of(Units.span(isAlive)),
                "pendingTimeout", List.of(Units.span(pendingTimeout)),
                "deadlockTimeout", List.of(Units.span(deadlockTimeout)));
    }

    static Map<String, List<String>> readOnly(ResourceSpec spec, HeldResource held) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        all.put("name", List.of(spec.resource()));
        all.put("type", List.of(spec.type()));
        all.put("group", List.of(spec.group()));
        all.put("revision", List.of(Long.toString(spec.revision())));
        all.put("state", List.of(held.state().name()));
        all.put(
                "monitorProcessId",
                List.of(Long.toString(ProcessHandle.current().pid())));
        if (!held.conditions().locked().isEmpty()) {
            all.put("locked", List.of(held.conditions().locked()));
        }
        return all;
    }

    static Map<String, List<String>> readOnly(TypeDescription type, int spiVersion) {
        return Map.of(
                "name", List.of(type.name()),
                "version", List.of(type.version()),
                "independent", List.of(Boolean.toString(type.independent())),
                "spiVersion", List.of(Integer.toString(spiVersion)),
                "spiVersions", List.of("%d to %d".formatted(SpiVersion.OLDEST, SpiVersion.NEWEST)));
    }
}
