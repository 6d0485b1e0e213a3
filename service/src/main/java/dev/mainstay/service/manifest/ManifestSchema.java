package dev.mainstay.service.manifest;

import dev.mainstay.api.JsonText;
import dev.mainstay.core.state.Names;
import dev.mainstay.protocol.TypeSpec;
import dev.mainstay.protocol.TypeSpec.PropertySpec;
import io.avaje.jsonb.Jsonb;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The JSON Schema of manifests, for editors and other tools; the reader's own checks go further.
public final class ManifestSchema {
    private static final List<String> TIMES =
            List.of("looksAliveInterval", "isAliveInterval", "pendingTimeout", "deadlockTimeout");

    private static final String DURATION = "^[0-9]+(ms|s|min|h|d)$";
    private static final String SIZE = "^[0-9]+(B|KiB|MiB|GiB|TiB)$";

    private ManifestSchema() {}

    /// The schema for these types as indented JSON that ends with a line break.
    public static String json(Collection<TypeSpec> types) {
        var sorted = new TreeMap<String, TypeSpec>();
        types.forEach(type -> sorted.put(type.name(), type));
        var schema = new LinkedHashMap<String, Object>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", "Mainstay manifest");
        schema.putAll(mapping(
                Map.of(
                        "cluster", name("name of the cluster for 'mainstay run'"),
                        "types", types(sorted),
                        "groups", named("group")),
                ManifestReader.TOP_KEYS,
                List.of()));
        schema.put("$defs", definitions(sorted));
        JsonText.permitLongTexts();
        return Jsonb.builder().build().type(Object.class).toJsonPretty(schema) + "\n";
    }

    private static Map<String, Object> definitions(Map<String, TypeSpec> types) {
        var definitions = new LinkedHashMap<String, Object>();
        definitions.put("duration", ordered("type", "string", "pattern", DURATION));
        definitions.put("size", ordered("type", "string", "pattern", SIZE));
        definitions.put("percent", ordered("type", "string", "pattern", "^[1-9][0-9]*%$"));
        definitions.put("type", type());
        definitions.put("group", group());
        definitions.put("restart", restart());
        definitions.put("resource", resource(types));
        types.forEach((name, type) -> definitions.put("properties-of-" + name, properties(type)));
        return definitions;
    }

    private static Map<String, Object> types(Map<String, TypeSpec> types) {
        return ordered(
                "type",
                "object",
                "propertyNames",
                Map.of("enum", List.copyOf(types.keySet())),
                "additionalProperties",
                reference("type"));
    }

    private static Map<String, Object> type() {
        var keys = new LinkedHashMap<String, Object>();
        keys.put("monitor", Map.of("enum", TypeReader.MONITORS));
        keys.put("memory", reference("size"));
        keys.put("cpu", reference("percent"));
        keys.put("isolation", reference("duration"));
        TIMES.forEach(key -> keys.put(key, reference("duration")));
        return mapping(keys, TypeReader.KEYS, List.of());
    }

    private static Map<String, Object> group() {
        var keys = new LinkedHashMap<String, Object>();
        keys.put("description", text("a comment"));
        keys.put("preferredOwners", list("nodes it prefers, best first"));
        keys.put("failoverThreshold", count("failovers allowed within the period; default: number of other nodes"));
        keys.put("failoverPeriod", reference("duration"));
        keys.put("online", ordered("type", "boolean", "default", true));
        keys.put("resources", named("resource"));
        return mapping(keys, GroupReader.GROUP_KEYS, List.of("resources"));
    }

    private static Map<String, Object> restart() {
        var keys = new LinkedHashMap<String, Object>();
        keys.put("action", Map.of("enum", GroupReader.ACTIONS));
        keys.put("threshold", count("restarts on one node allowed within the period"));
        keys.put("period", reference("duration"));
        keys.put("delay", reference("duration"));
        keys.put("retryPeriod", Map.of("anyOf", List.of(reference("duration"), Map.of("const", "never"))));
        return mapping(keys, GroupReader.RESTART_KEYS, List.of());
    }

    private static Map<String, Object> resource(Map<String, TypeSpec> types) {
        var keys = new LinkedHashMap<String, Object>();
        keys.put("type", ordered("enum", List.copyOf(types.keySet())));
        keys.put("description", text("a comment"));
        keys.put("dependsOn", text("what must be online first, such as data and (ip4 or ip6)"));
        keys.put("properties", ordered("type", "object"));
        keys.put("restart", reference("restart"));
        TIMES.forEach(key -> keys.put(key, reference("duration")));
        keys.put("possibleOwners", list("nodes it may be on; default: all"));
        keys.put("monitor", Map.of("enum", GroupReader.MONITORS));
        keys.put("embeddedFailureAction", Map.of("enum", GroupReader.EMBEDDED_FAILURE_ACTIONS));
        var resource = mapping(keys, GroupReader.RESOURCE_KEYS, List.of("type"));
        var byType = new ArrayList<Object>();
        types.forEach((name, type) -> {
            var then = ordered("properties", Map.of("properties", reference("properties-of-" + name)));
            if (type.properties().stream().anyMatch(PropertySpec::required)) {
                then.put("required", List.of("properties"));
            }
            var rule = ordered("if", Map.of("properties", Map.of("type", Map.of("const", name))));
            rule.put("then", then);
            byType.add(rule);
        });
        resource.put("allOf", byType);
        return resource;
    }

    private static Map<String, Object> properties(TypeSpec type) {
        var schema = section("", type.properties());
        schema.put("description", type.help());
        return schema;
    }

    private static Map<String, Object> section(String prefix, List<PropertySpec> properties) {
        var keys = new LinkedHashMap<String, Object>();
        var required = new ArrayList<String>();
        for (var property : properties) {
            var name = property.name().substring(prefix.length());
            var dot = name.indexOf('.');
            if (dot < 0) {
                keys.put(name, property(property));
                if (property.required()) {
                    required.add(name);
                }
            } else if (!keys.containsKey(name.substring(0, dot))) {
                var inner = prefix + name.substring(0, dot + 1);
                keys.put(
                        name.substring(0, dot),
                        section(
                                inner,
                                properties.stream()
                                        .filter(other -> other.name().startsWith(inner))
                                        .toList()));
            }
        }
        return mapping(keys, keys.keySet(), required);
    }

    private static Map<String, Object> property(PropertySpec property) {
        var schema = new LinkedHashMap<String, Object>();
        schema.put("description", property.help());
        switch (property.kind()) {
            case "INTEGER" -> schema.put("type", "integer");
            case "FLAG" -> schema.put("type", "boolean");
            case "DURATION" -> schema.put("$ref", "#/$defs/duration");
            case "SIZE" -> schema.put("$ref", "#/$defs/size");
            case "CHOICE" -> schema.put("enum", property.choices());
            case "LIST" -> schema.putAll(ordered("type", "array", "items", scalar()));
            case "MAP" -> schema.putAll(ordered("type", "object", "additionalProperties", scalar()));
            default -> schema.putAll(scalar());
        }
        if (property.kind().equals("INTEGER") && property.minimum() != Long.MIN_VALUE) {
            schema.put("minimum", property.minimum());
        }
        if (property.kind().equals("INTEGER") && property.maximum() != Long.MAX_VALUE) {
            schema.put("maximum", property.maximum());
        }
        return schema;
    }

    private static Map<String, Object> mapping(
            Map<String, Object> keys, Collection<String> order, List<String> required) {
        var properties = new LinkedHashMap<String, Object>();
        order.forEach(key -> properties.put(key, keys.getOrDefault(key, Map.of())));
        var schema = ordered("type", "object", "additionalProperties", false);
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", List.copyOf(required));
        }
        return schema;
    }

    private static Map<String, Object> named(String definition) {
        return ordered(
                "type", "object", "propertyNames", name(Names.RULE), "additionalProperties", reference(definition));
    }

    private static Map<String, Object> name(String help) {
        return ordered("type", "string", "description", help, "pattern", "^[a-z0-9][a-z0-9._-]{0,62}$");
    }

    private static Map<String, Object> text(String help) {
        return ordered("type", "string", "description", help);
    }

    private static Map<String, Object> count(String help) {
        return ordered("type", "integer", "minimum", 0, "description", help);
    }

    private static Map<String, Object> list(String help) {
        return ordered("type", "array", "items", Map.of("type", "string"), "description", help);
    }

    private static Map<String, Object> scalar() {
        return ordered("type", List.of("string", "number", "boolean"));
    }

    private static Map<String, Object> reference(String definition) {
        return ordered("$ref", "#/$defs/" + definition);
    }

    private static Map<String, Object> ordered(Object... keysAndValues) {
        var map = new LinkedHashMap<String, Object>();
        for (var index = 0; index < keysAndValues.length; index += 2) {
            map.put((String) keysAndValues[index], keysAndValues[index + 1]);
        }
        return map;
    }
}
