package dev.mainstay.monitor.host;

import dev.mainstay.spi.ControlDescription;
import dev.mainstay.spi.Properties;
import dev.mainstay.spi.PropertyDescription;
import dev.mainstay.spi.PropertyDescription.Kind;
import dev.mainstay.spi.TypeDescription;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Values by name, such as the private properties of one resource, read by their description.
///
/// **Threads:** any.
/// **Errors:** the constructors throw `IllegalArgumentException` for a value that the description does not allow.
public final class PropertyValues implements Properties {
    /// **Source:** execve(2): a string of 128 KiB with the zero that ends it.
    private static final int VALUE_BYTES_MAX = (128 << 10) - 1;

    private static final int VALUE_SHOWN = 20;

    private final String owner;
    private final String noun;
    private final Map<String, PropertyDescription> described = new LinkedHashMap<>();
    // Written when new values take effect, read by the type at any time.
    private volatile Map<String, List<String>> raw;

    /// The private properties of a resource.
    PropertyValues(TypeDescription type, Map<String, List<String>> raw) {
        this("type '%s'".formatted(type.name()), "property", type.properties(), raw);
    }

    /// Properties of another kind.
    ///
    /// @param owner what has them, such as `type 'process'`
    /// @param noun what one is called
    PropertyValues(String owner, String noun, List<PropertyDescription> described, Map<String, List<String>> raw) {
        this.owner = owner;
        this.noun = noun;
        this.raw = Map.copyOf(raw);
        for (var property : described) {
            this.described.put(property.name(), property);
        }
        for (var name : raw.keySet()) {
            if (!this.described.containsKey(name)) {
                throw new IllegalArgumentException("%s has no %s '%s': it has %s."
                        .formatted(
                                owner,
                                noun,
                                name,
                                this.described.isEmpty() ? "none" : String.join(", ", this.described.keySet())));
            }
        }
        this.described.values().forEach(this::check);
    }

    /// The input of a control.
    static PropertyValues ofControl(ControlDescription control, Map<String, List<String>> raw) {
        return new PropertyValues("control '%s'".formatted(control.code()), "input", control.input(), raw);
    }

    /// Checks a default as if an operator had written it.
    ///
    /// **Errors:** `IllegalArgumentException` says what is wrong.
    public static void checkDefault(PropertyDescription property) {
        if (!property.defaultValue().isEmpty()) {
            var _ = new PropertyValues(
                    "the description",
                    "default of",
                    List.of(property),
                    Map.of(property.name(), property.defaultValue()));
        }
    }

    /// The defaults of a type's properties; empty for what has none.
    static Map<String, List<String>> defaults(TypeDescription type) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        type.properties().forEach(property -> all.put(property.name(), property.defaultValue()));
        return all;
    }

    /// Has the values of `other` from now on.
    void become(PropertyValues other) {
        raw = other.raw;
    }

    /// All values with defaults; empty for what has neither.
    Map<String, List<String>> all() {
        Map<String, List<String>> all = new LinkedHashMap<>();
        described.values().forEach(property -> all.put(property.name(), values(property)));
        return all;
    }

    /// The names of the properties whose values differ.
    List<String> changedIn(PropertyValues other) {
        return described.values().stream()
                .filter(property -> !values(property).equals(other.values(property)))
                .map(PropertyDescription::name)
                .toList();
    }

    private void check(PropertyDescription property) {
        var values = values(property);
        if (property.required() && values.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s needs %s '%s': it is not set. Set it.".formatted(owner, noun, property.name()));
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
            values.forEach(PropertyValues::fitsAProgram);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "%s '%s' of %s: %s.".formatted(noun, property.name(), owner, e.getMessage()), e);
        }
    }

    /// What a property holds goes to programs as arguments and variables sooner or later; the kernel takes no
    /// longer ones, and none with a zero in it.
    private static void fitsAProgram(String value) {
        var bytes = value.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > VALUE_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "'%s...' is %d bytes long, and the kernel gives a program at most %d as an argument or a variable with its name"
                            .formatted(value.substring(0, VALUE_SHOWN), bytes, VALUE_BYTES_MAX));
        }
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("it has a zero character in it, where every program would see its end");
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
                    "%s '%s' of %s has neither value nor default: ask isSet first".formatted(noun, name, owner));
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
            throw new IllegalArgumentException(
                    "%s '%s' of %s is a %s, it was read as a %s".formatted(noun, name, owner, property.kind(), kind));
        }
        return property;
    }

    private PropertyDescription known(String name) {
        var property = described.get(name);
        if (property == null) {
            throw new IllegalArgumentException("%s does not describe a %s '%s'".formatted(owner, noun, name));
        }
        return property;
    }
}
