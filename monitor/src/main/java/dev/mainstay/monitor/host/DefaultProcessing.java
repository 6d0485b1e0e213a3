package dev.mainstay.monitor.host;

import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.protocol.ToService;
import dev.mainstay.spi.Abilities.Characteristic;
import dev.mainstay.spi.AdoptionRecord;
import dev.mainstay.spi.Controls;
import dev.mainstay.spi.ProcessIdentity;
import dev.mainstay.spi.PropertyDescription;
import dev.mainstay.spi.TypeDescription;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// What the monitor answers to a control that the type does not support: from the type's description and from what
/// the monitor knows of the resource.
///
/// For a type the private properties are those of its resources, with their defaults.
final class DefaultProcessing {
    private DefaultProcessing() {}

    /// What the monitor knows of a resource.
    ///
    /// @param spec the settings it works by
    /// @param maintenance whether it is in maintenance
    /// @param lastFailure its last report of a failure
    /// @param quorumCapable whether its instance can contest for a quorum device
    /// @param measures what the monitor measured of all calls
    record Known(
            ResourceSpec spec,
            HeldResource held,
            boolean maintenance,
            Optional<HeldResource> lastFailure,
            Optional<AdoptionRecord> adoption,
            boolean quorumCapable,
            ToService.Measures measures) {}

    static ControlResult ofResource(String code, Map<String, List<String>> input, Known known, TypeDescription type) {
        return switch (code) {
            case Controls.GET_CHARACTERISTICS -> characteristics(type, Optional.of(known.quorumCapable()));
            case Controls.GET_NAME -> one("name", known.spec().resource());
            case Controls.GET_RESOURCE_TYPE -> one("type", type.name());
            case Controls.ENUM_COMMON_PROPERTIES -> names(CommonProperties.OF_RESOURCE);
            case Controls.GET_COMMON_PROPERTY_FORMATS -> formats(CommonProperties.OF_RESOURCE);
            case Controls.GET_COMMON_PROPERTIES -> done(CommonProperties.of(known.spec(), type));
            case Controls.GET_RO_COMMON_PROPERTIES -> done(CommonProperties.readOnly(known.spec(), known.held()));
            case Controls.VALIDATE_COMMON_PROPERTIES ->
                valid(() ->
                        new PropertyValues("every resource", "common property", CommonProperties.OF_RESOURCE, input));
            case Controls.GET_PRIVATE_PROPERTIES ->
                privateProperties(type, known.spec().properties());
            case Controls.GET_RO_PRIVATE_PROPERTIES -> published(known.held());
            case Controls.GET_PROCESSES -> processes(known.adoption());
            case Controls.QUERY_DELETE -> one("allowed", "true");
            case Controls.GET_FAILURE_INFO -> failure(known);
            case Controls.GET_STATE_CHANGE_TIME ->
                one("changedAt", at(known.held().changedAtMicros()));
            case Controls.QUERY_MAINTENANCE_MODE -> one("maintenance", Boolean.toString(known.maintenance()));
            default -> ofEither(code, input, type);
        };
    }

    static ControlResult ofType(String code, Map<String, List<String>> input, TypeDescription type, int spiVersion) {
        return switch (code) {
            case Controls.GET_CHARACTERISTICS -> characteristics(type, Optional.empty());
            case Controls.ENUM_COMMON_PROPERTIES -> names(CommonProperties.OF_TYPE);
            case Controls.GET_COMMON_PROPERTY_FORMATS -> formats(CommonProperties.OF_TYPE);
            case Controls.GET_COMMON_PROPERTIES -> done(CommonProperties.of(type));
            case Controls.GET_RO_COMMON_PROPERTIES -> done(CommonProperties.readOnly(type, spiVersion));
            case Controls.VALIDATE_COMMON_PROPERTIES ->
                valid(() -> new PropertyValues("every type", "common property", CommonProperties.OF_TYPE, input));
            case Controls.GET_PRIVATE_PROPERTIES -> done(PropertyValues.defaults(type));
            case Controls.GET_RO_PRIVATE_PROPERTIES -> ControlResult.Done.NOTHING;
            case Controls.QUERY_DELETE -> one("allowed", "true");
            default -> ofEither(code, input, type);
        };
    }

    private static ControlResult ofEither(String code, Map<String, List<String>> input, TypeDescription type) {
        return switch (code) {
            case Controls.GET_FLAGS -> done(Map.of("flags", List.of()));
            case Controls.GET_CLASS_INFO ->
                type.abilities().resourceClass().isEmpty()
                        ? done(Map.of("class", List.of()))
                        : one("class", type.abilities().resourceClass());
            case Controls.GET_REQUIRED_DEPENDENCIES ->
                done(Map.of("requiredDependencies", type.abilities().requiredDependencies()));
            case Controls.ENUM_PRIVATE_PROPERTIES -> names(type.properties());
            case Controls.GET_PRIVATE_PROPERTY_FORMATS -> formats(type.properties());
            case Controls.VALIDATE_PRIVATE_PROPERTIES -> valid(() -> new PropertyValues(type, input));
            case Controls.CHECK_DRAIN_VETO -> one("veto", "false");
            default ->
                new ControlResult.NotSupported(
                        "type '%s' does not support control '%s', and the monitor has no answer of its own."
                                .formatted(type.name(), code));
        };
    }

    private static ControlResult characteristics(TypeDescription type, Optional<Boolean> quorumCapable) {
        var names = new TreeSet<String>();
        type.abilities().characteristics().forEach(one -> names.add(one.name()));
        quorumCapable.ifPresent(capable -> {
            names.remove(Characteristic.QUORUM_CAPABLE.name());
            if (capable) {
                names.add(Characteristic.QUORUM_CAPABLE.name());
            }
        });
        return done(Map.of("characteristics", List.copyOf(names)));
    }

    private static ControlResult names(List<PropertyDescription> properties) {
        return done(Map.of(
                "properties", properties.stream().map(PropertyDescription::name).toList()));
    }

    private static ControlResult formats(List<PropertyDescription> properties) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (var property : properties) {
            all.put(property.name(), format(property));
        }
        return done(all);
    }

    private static List<String> format(PropertyDescription property) {
        var format = new ArrayList<>(
                List.of("kind=" + property.kind(), "required=" + property.required(), "applies=" + property.applies()));
        property.defaultValue().forEach(value -> format.add("default=" + value));
        property.choices().forEach(value -> format.add("choice=" + value));
        if (property.minimum() != Long.MIN_VALUE) {
            format.add("minimum=" + property.minimum());
        }
        if (property.maximum() != Long.MAX_VALUE) {
            format.add("maximum=" + property.maximum());
        }
        return format;
    }

    private static ControlResult privateProperties(TypeDescription type, Map<String, List<String>> set) {
        try {
            return done(new PropertyValues(type, set).all());
        } catch (IllegalArgumentException e) {
            return new ControlResult.Failed(String.valueOf(e.getMessage()));
        }
    }

    private static ControlResult published(HeldResource held) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        held.conditions().published().forEach((name, value) -> all.put(name, List.of(value)));
        return done(all);
    }

    private static ControlResult valid(java.util.function.Supplier<PropertyValues> read) {
        try {
            var _ = read.get();
            return ControlResult.Done.NOTHING;
        } catch (IllegalArgumentException e) {
            return new ControlResult.Failed(String.valueOf(e.getMessage()));
        }
    }

    private static ControlResult processes(Optional<AdoptionRecord> adoption) {
        return done(Map.of(
                "processes",
                adoption.stream()
                        .flatMap(record -> record.processes().stream())
                        .map(DefaultProcessing::words)
                        .toList(),
                "controlGroup",
                adoption.map(AdoptionRecord::controlGroup).filter(path -> !path.isEmpty()).stream()
                        .toList()));
    }

    private static String words(ProcessIdentity process) {
        return "pid=%d startTicks=%d bootId=%s".formatted(process.pid(), process.startTicks(), process.bootId());
    }

    private static ControlResult failure(Known known) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        all.put("failures", List.of(Boolean.toString(known.lastFailure().isPresent())));
        known.lastFailure().ifPresent(failure -> {
            all.put("detail", List.of(failure.detail()));
            all.put("attempt", List.of(Long.toString(failure.attempt())));
            all.put("seenAt", List.of(at(failure.seenAtMicros())));
            all.put("failedAt", List.of(at(failure.changedAtMicros())));
        });
        all.put(
                "slowCallsOfType",
                known.measures().calls().stream()
                        .filter(call -> call.type().equals(known.spec().type()) && call.slow() > 0)
                        .map(call -> call.call() + "=" + call.slow())
                        .toList());
        all.put(
                "callsUnderWay",
                known.measures().running().stream()
                        .filter(call -> call.resource().equals(known.spec().resource()))
                        .map(call -> call.call() + "=" + at(call.sinceMicros()))
                        .toList());
        return done(all);
    }

    private static String at(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000), Math.floorMod(micros, 1_000_000) * 1_000L)
                .toString();
    }

    private static ControlResult one(String name, String value) {
        return done(Map.of(name, List.of(value)));
    }

    private static ControlResult done(Map<String, List<String>> output) {
        return ControlResult.done(output);
    }
}
