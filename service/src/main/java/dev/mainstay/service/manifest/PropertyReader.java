package dev.mainstay.service.manifest;

import static dev.mainstay.protocol.Limits.PROPERTIES;
import static dev.mainstay.protocol.Limits.PROPERTY_VALUE;

import dev.mainstay.protocol.TypeSpec;
import dev.mainstay.protocol.TypeSpec.PropertySpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/// Reads the private properties of one resource by the description of its type.
final class PropertyReader {
    private final TypeSpec type;
    private final String resource;
    private final Variables variables;
    private final Problems problems;
    private final SortedMap<String, PropertySpec> known = new TreeMap<>();
    private final SortedMap<String, List<String>> read = new TreeMap<>();

    private long all;
    private boolean toldAll;

    PropertyReader(TypeSpec type, String resource, Variables variables, Problems problems) {
        this.type = type;
        this.resource = resource;
        this.variables = variables;
        this.problems = problems;
        type.properties().forEach(property -> known.put(property.name(), property));
    }

    /// The properties at a node, in the form of [dev.mainstay.core.state.ResourceSettings#properties].
    SortedMap<String, List<String>> read(Optional<Node> node, Node ofResource) {
        var noted = node.flatMap(place -> Section.of(place, "'properties' of %s".formatted(resource), problems));
        noted.ifPresent(section -> readAll("", section));
        for (var property : type.properties()) {
            var misspelt = noted.filter(section -> section.misspells(property.name(), known.keySet()));
            if (property.required()
                    && !read.containsKey(property.name())
                    && misspelt.isEmpty()
                    && (node.isEmpty() || noted.isPresent())) {
                problems.at(
                        node.orElse(ofResource),
                        "%s has no property '%s', which type '%s' needs"
                                .formatted(resource, property.name(), type.name()),
                        "Add it under 'properties': %s".formatted(property.help()));
            }
        }
        return read;
    }

    /// Some properties by their whole names, each at a node of its own.
    SortedMap<String, List<String>> read(Map<String, Node> some) {
        some.forEach((name, node) -> {
            var property = known.get(name);
            if (property == null) {
                var inner = known.keySet().stream()
                        .filter(other -> other.startsWith(name + "."))
                        .toList();
                problems.at(
                        node,
                        "'%s' is not a property of type '%s'".formatted(name, type.name()),
                        inner.isEmpty()
                                ? Spelling.advice(name, known.keySet())
                                : "Use one of: %s.".formatted(String.join(", ", inner)));
            } else {
                readOne(property, node);
            }
        });
        return read;
    }

    private void readAll(String prefix, Section section) {
        section.entries().forEach((key, entry) -> {
            var name = prefix + key;
            var property = known.get(name);
            var inner = name + ".";
            var isSection = known.keySet().stream().anyMatch(other -> other.startsWith(inner));
            if (property != null) {
                readOne(property, entry.value());
            } else if (isSection && entry.value() instanceof MappingNode) {
                Section.of(entry.value(), name, problems).ifPresent(deeper -> readAll(inner, deeper));
            } else if (isSection) {
                problems.at(
                        entry.value(),
                        "'%s' of %s is %s, but a mapping is expected"
                                .formatted(name, resource, Section.kind(entry.value())),
                        "Write it with one of: %s.".formatted(String.join(", ", below(inner))));
            } else {
                problems.at(
                        entry.key(),
                        "'%s' is not a property of type '%s'".formatted(name, type.name()),
                        Spelling.advice(name, known.keySet()));
            }
        });
    }

    private List<String> below(String prefix) {
        return known.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .toList();
    }

    private void readOne(PropertySpec property, Node node) {
        var label = "'%s' of %s".formatted(property.name(), resource);
        var before = problems.count();
        var values = switch (property.kind()) {
            case "LIST" ->
                Section.list(node, label, problems).stream()
                        .map(placed -> variables.fill(placed.text(), placed.node(), problems))
                        .toList();
            case "MAP" -> map(node, label);
            default -> plain(property, node, label);
        };
        if (values.isEmpty() && property.required() && problems.count() == before) {
            problems.at(node, "%s is empty".formatted(label), "Write at least one value.");
        }
        checkLength(node, label, values);
        read.put(property.name(), values);
    }

    private void checkLength(Node node, String label, List<String> values) {
        values.stream()
                .filter(value -> value.length() > PROPERTY_VALUE)
                .findFirst()
                .ifPresent(value -> problems.at(
                        node,
                        "%s has a value of %d characters, at most %d are permitted"
                                .formatted(label, value.length(), PROPERTY_VALUE),
                        "Put it into a file and name the file."));
        all += property(values);
        if (all > PROPERTIES && !toldAll) {
            toldAll = true;
            problems.at(
                    node,
                    "the properties of %s have more than %d characters together".formatted(resource, PROPERTIES),
                    "Put some of it into a file and name the file.");
        }
    }

    private static long property(List<String> values) {
        return values.stream().mapToLong(String::length).sum();
    }

    private List<String> map(Node node, String label) {
        return Section.of(node, label, problems)
                .map(section -> section.entries().entrySet().stream()
                        .flatMap(entry -> Section.scalar(
                                entry.getValue().value(),
                                "'%s' in %s".formatted(entry.getKey(), label),
                                "a text",
                                problems)
                                .map(text -> entry.getKey() + "="
                                        + variables.fill(text, entry.getValue().value(), problems))
                                .stream())
                        .toList())
                .orElse(List.of());
    }

    private List<String> plain(PropertySpec property, Node node, String label) {
        return Section.scalar(node, label, expected(property.kind()), problems)
                .map(text -> property.kind().equals("TEXT") ? variables.fill(text, node, problems) : text)
                .filter(text -> isValid(property, node, label, text))
                .map(List::of)
                .orElse(List.of());
    }

    private static String expected(String kind) {
        return switch (kind) {
            case "INTEGER" -> "a whole number";
            case "FLAG" -> "true or false";
            case "DURATION" -> "a duration";
            case "SIZE" -> "a size";
            default -> "a text";
        };
    }

    private boolean isValid(PropertySpec property, Node node, String label, String text) {
        return switch (property.kind()) {
            case "INTEGER" -> {
                if (!text.matches("-?[0-9]{1,18}")) {
                    problems.at(node, "%s is '%s'".formatted(label, text), "Write a whole number.");
                    yield false;
                }
                yield isWithin(property, node, label, Long.parseLong(text), Map.of("", 1L));
            }
            case "FLAG" -> isOneOf(List.of("true", "false"), node, label, text);
            case "CHOICE" -> isOneOf(property.choices(), node, label, text);
            case "DURATION" -> isQuantity(property, node, label, Quantity.duration(text), Quantity.TIME);
            case "SIZE" -> isQuantity(property, node, label, Quantity.size(text), Quantity.SIZE);
            default -> true;
        };
    }

    private boolean isOneOf(List<String> choices, Node node, String label, String text) {
        if (choices.contains(text)) {
            return true;
        }
        problems.at(node, "%s is '%s'".formatted(label, text), Spelling.advice(text, choices));
        return false;
    }

    private boolean isQuantity(
            PropertySpec property, Node node, String label, Quantity quantity, Map<String, Long> units) {
        return switch (quantity) {
            case Quantity.Amount amount -> isWithin(property, node, label, amount.value(), units);
            case Quantity.Wrong wrong -> {
                problems.at(node, "%s: %s".formatted(label, wrong.message()), wrong.advice());
                yield false;
            }
        };
    }

    private boolean isWithin(PropertySpec property, Node node, String label, long value, Map<String, Long> units) {
        if (value >= property.minimum() && value <= property.maximum()) {
            return true;
        }
        problems.at(
                node,
                "%s is %s".formatted(label, Quantity.text(value, units)),
                "Write %s.".formatted(Limits.of(property)));
        return false;
    }
}
