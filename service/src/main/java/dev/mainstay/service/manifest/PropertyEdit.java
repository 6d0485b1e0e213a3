package dev.mainstay.service.manifest;

import dev.mainstay.api.ErrorView.Problem;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceSettings;
import dev.mainstay.protocol.TypeSpec;
import dev.mainstay.protocol.TypeSpec.PropertySpec;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// New values of some properties of one resource, judged as a manifest's are.
public sealed interface PropertyEdit {
    /// Nothing is wrong with it.
    ///
    /// @param settings the settings as they would be
    /// @param plan what that changes, and when it takes effect
    record Good(ResourceSettings settings, Plan plan) implements PropertyEdit {}

    /// Something is wrong; every problem found.
    record Broken(List<Problem> problems) implements PropertyEdit {
        /// Copies the list.
        public Broken {
            problems = List.copyOf(problems);
        }
    }

    /// Judges new values.
    ///
    /// @param set values by the names of their properties; those of lists and maps as in a manifest
    /// @param unset names of properties that get their default again
    /// @param types resource types by name
    static PropertyEdit of(
            ClusterState state,
            Resource present,
            Map<String, String> set,
            Collection<String> unset,
            Map<String, TypeSpec> types) {
        var settings = present.settings();
        var what = "resource '%s'".formatted(settings.id());
        var problems = new Problems(what);
        var type = types.get(settings.type().value());
        if (type == null) {
            problems.at(
                    1,
                    1,
                    "type '%s' of %s is not offered here".formatted(settings.type(), what),
                    "Ask a node that has its plugin.");
            return new Broken(problems.sorted());
        }
        var reader = new PropertyReader(type, what, new Variables(Map.of()), problems);
        var after = new TreeMap<>(settings.properties());
        after.putAll(reader.read(nodes(set, type, problems)));
        unset.forEach(name -> unset(name, after, type, what, problems));
        if (!problems.none()) {
            return new Broken(problems.sorted());
        }
        var edited = settings.with(after);
        return new Good(edited, Plan.of(edited, state, types));
    }

    private static Map<String, Node> nodes(Map<String, String> set, TypeSpec type, Problems problems) {
        var nodes = new LinkedHashMap<String, Node>();
        set.forEach((name, text) -> {
            var kind = type.properties().stream()
                    .filter(property -> property.name().equals(name))
                    .map(PropertySpec::kind)
                    .findFirst()
                    .orElse("");
            if (kind.equals("LIST")) {
                structured(name, text, SequenceNode.class, "a list: [one, two]", problems)
                        .ifPresent(node -> nodes.put(name, node));
            } else if (kind.equals("MAP")) {
                structured(name, text, MappingNode.class, "a mapping: {key: value}", problems)
                        .ifPresent(node -> nodes.put(name, node));
            } else {
                nodes.put(name, new ScalarNode(Tag.STR, text, ScalarStyle.PLAIN));
            }
        });
        return nodes;
    }

    /// What stands on one line of a command is not called a file with lines.
    private static Optional<Node> structured(
            String name, String text, Class<? extends Node> kind, String shape, Problems problems) {
        var unread = new Problems(name);
        var node =
                YamlText.compose(text.getBytes(StandardCharsets.UTF_8), unread).filter(kind::isInstance);
        if (node.isEmpty()) {
            problems.at(
                    1, 1, "'%s' is '%s'".formatted(name, text), "Write %s, in quotes of the shell.".formatted(shape));
        }
        return node;
    }

    private static void unset(
            String name, Map<String, List<String>> properties, TypeSpec type, String what, Problems problems) {
        var property = type.properties().stream()
                .filter(one -> one.name().equals(name))
                .findFirst();
        if (property.isEmpty()) {
            problems.at(
                    1,
                    1,
                    "'%s' is not a property of type '%s'".formatted(name, type.name()),
                    Spelling.advice(
                            name,
                            type.properties().stream().map(PropertySpec::name).toList()));
        } else if (property.get().required()) {
            problems.at(
                    1,
                    1,
                    "%s would have no property '%s', which type '%s' needs".formatted(what, name, type.name()),
                    "Set it to another value instead.");
        } else {
            properties.remove(name);
        }
    }
}
