package dev.mainstay.monitor.host;

import dev.mainstay.spi.Properties;
import dev.mainstay.spi.PropertyDescription;
import dev.mainstay.spi.PropertyDescription.Kind;
import dev.mainstay.spi.TypeDescription;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The private properties of one resource: raw values read by the description of its type.
///
/// **Errors:** the constructor throws `IllegalArgumentException` for a value that the description does not allow.
final class PropertyValues implements Properties {
    private final String type;
    private final Map<String, PropertyDescription> described = new LinkedHashMap<>();
    private final Map<String, List<String>> raw;

    PropertyValues(TypeDescription type, Map<String, List<String>> raw) {
        this.type = type.name();
        this.raw = Map.copyOf(raw);
        for (var property : type.properties()) {
            described.put(property.name(), property);
        }
        for (var name : raw.keySet()) {
            if (!described.containsKey(name)) {
                throw new IllegalArgumentException("type '%s' has no property '%s': it has %s."
                        .formatted(type.name(), name, String.join(", ", described.keySet())));
            }
        }
        described.values().forEach(this::check);
    }

    private void check(PropertyDescription property) {
        var values = values(property);
        if (property.required() && values.isEmpty()) {
            throw new IllegalArgumentException(
                    "type '%s' needs property '%s': it is not set. Set it.".formatted(type, property.name()));
        }
        if (values.isEmpty()) {
            return;
        }
        try {
            if (values.size() > 1 && property.kind() != Kind.LIST && property.kind() != Kind.MAP) {
                throw new IllegalArgumentException("it takes one value and has %d".formatted(values.size()));
            }
            switch (property.kind()) {
                case INTEGER -> within(property, readInteger(values.getFirst()));
                case DURATION -> within(property, Units.millis(values.getFirst()));
                case SIZE -> within(property, Units.bytes(values.getFirst()));
                case FLAG -> readFlag(values.getFirst());
                case CHOICE -> {
                    if (!property.choices().contains(values.getFirst())) {
                        throw new IllegalArgumentException("'%s' is none of %s"
                                .formatted(values.getFirst(), String.join(", ", property.choices())));
                    }
                }
                case MAP -> readMap(values);
                case TEXT, LIST -> {}
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "property '%s' of type '%s': %s.".formatted(property.name(), type, e.getMessage()), e);
        }
    }

    private static void within(PropertyDescription property, long value) {
        if (value < property.minimum() || value > property.maximum()) {
            throw new IllegalArgumentException(
                    "%d is not between %d and %d".formatted(value, property.minimum(), property.maximum()));
        }
    }

    private static long readInteger(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'%s' is not a whole number".formatted(text), e);
        }
    }

    private static boolean readFlag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("'%s' is neither true nor false".formatted(text));
        };
    }

    private static Map<String, String> readMap(List<String> values) {
        Map<String, String> entries = new LinkedHashMap<>();
        for (var value : values) {
            int equals = value.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("'%s' is not NAME=VALUE".formatted(value));
            }
            entries.put(value.substring(0, equals), value.substring(equals + 1));
        }
        return Collections.unmodifiableMap(entries);
    }

    @Override
    public boolean isSet(String name) {
        known(name);
        return raw.containsKey(name);
    }

    @Override
    public String text(String name) {
        return first(name, Kind.TEXT, Kind.CHOICE);
    }

    @Override
    public long integer(String name) {
        return Long.parseLong(some(name, Kind.INTEGER));
    }

    @Override
    public boolean flag(String name) {
        var text = first(name, Kind.FLAG, Kind.FLAG);
        return !text.isEmpty() && readFlag(text);
    }

    @Override
    public Duration duration(String name) {
        return Duration.ofMillis(Units.millis(some(name, Kind.DURATION)));
    }

    @Override
    public long bytes(String name) {
        return Units.bytes(some(name, Kind.SIZE));
    }

    @Override
    public List<String> list(String name) {
        return values(known(name, Kind.LIST, Kind.LIST));
    }

    @Override
    public Map<String, String> map(String name) {
        return readMap(values(known(name, Kind.MAP, Kind.MAP)));
    }

    private String some(String name, Kind kind) {
        var text = first(name, kind, kind);
        if (text.isEmpty()) {
            throw new IllegalArgumentException(
                    "property '%s' of type '%s' has neither value nor default: ask isSet first".formatted(name, type));
        }
        return text;
    }

    private String first(String name, Kind kind, Kind orKind) {
        var values = values(known(name, kind, orKind));
        return values.isEmpty() ? "" : values.getFirst();
    }

    private List<String> values(PropertyDescription property) {
        return raw.getOrDefault(property.name(), property.defaultValue());
    }

    private PropertyDescription known(String name, Kind kind, Kind orKind) {
        var property = known(name);
        if (property.kind() != kind && property.kind() != orKind) {
            throw new IllegalArgumentException("property '%s' of type '%s' is a %s, it was read as a %s"
                    .formatted(name, type, property.kind(), kind));
        }
        return property;
    }

    private PropertyDescription known(String name) {
        var property = described.get(name);
        if (property == null) {
            throw new IllegalArgumentException("type '%s' does not describe a property '%s'".formatted(type, name));
        }
        return property;
    }
}
