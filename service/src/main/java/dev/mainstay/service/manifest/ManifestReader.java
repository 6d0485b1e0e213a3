package dev.mainstay.service.manifest;

import dev.mainstay.core.state.Names;
import dev.mainstay.core.state.TypeSettings;
import dev.mainstay.protocol.TypeSpec;
import dev.mainstay.service.manifest.GroupReader.DraftGroup;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/// Reads a manifest and finds everything that is wrong with it at once.
public final class ManifestReader {
    static final List<String> TOP_KEYS = List.of("cluster", "types", "groups");

    private final Problems problems;
    private final Map<String, TypeSpec> types;
    private final Variables variables;

    private ManifestReader(String file, Map<String, TypeSpec> types, Variables variables) {
        this.problems = new Problems(file);
        this.types = types;
        this.variables = variables;
    }

    /// The line at which a resource of that name is written, counted from 1; 1 when it is not found.
    public static int lineOf(String resource, byte[] bytes) {
        var key = Pattern.compile("^\\s*[\"']?" + Pattern.quote(resource) + "[\"']?\\s*:");
        int number = 0;
        for (var line : new String(bytes, StandardCharsets.UTF_8).split("\n", -1)) {
            number++;
            if (key.matcher(line).find()) {
                return number;
            }
        }
        return 1;
    }

    /// Reads the manifest in the bytes.
    ///
    /// @param file the name that problems show
    /// @param types resource types by name
    /// @param variables values of the variables that property texts may use, see [Variables]
    public static Reading read(String file, byte[] bytes, Map<String, TypeSpec> types, Map<String, String> variables) {
        return new ManifestReader(file, types, new Variables(variables)).read(bytes);
    }

    private Reading read(byte[] bytes) {
        var groups = new ArrayList<ManifestGroup>();
        var settings = new ArrayList<TypeSettings>();
        var cluster = new StringBuilder();
        YamlText.compose(bytes, problems)
                .flatMap(root -> Section.of(root, "the manifest", problems)
                        .map(top -> top.only(TOP_KEYS))
                        .map(top -> {
                            top.node("cluster")
                                    .ifPresent(node -> top.text("cluster").ifPresent(name -> {
                                        cluster.append(name);
                                        checkName(name, node);
                                    }));
                            top.node("types").ifPresent(node -> settings.addAll(types(node)));
                            if (top.node("groups").isEmpty()
                                    && top.node("types").isEmpty()) {
                                problems.at(
                                        root, "the manifest has no 'groups'", "Add 'groups:' with at least one group.");
                            }
                            return top;
                        }))
                .flatMap(top -> top.node("groups"))
                .ifPresent(node -> groups.addAll(groups(node)));
        return problems.none()
                ? new Reading.Good(new Manifest(cluster.toString(), settings, groups))
                : new Reading.Broken(problems.sorted());
    }

    private void checkName(String name, Node node) {
        if (!Names.isName(name)) {
            problems.at(node, "'%s' cannot be the name of a cluster".formatted(name), "Use %s.".formatted(Names.RULE));
        }
    }

    private List<TypeSettings> types(Node node) {
        var reader = new TypeReader(types, problems);
        return Section.of(node, "'types'", problems).stream()
                .flatMap(all -> all.entries().entrySet().stream())
                .flatMap(each -> reader.type(each.getKey(), each.getValue()).stream())
                .toList();
    }

    private List<ManifestGroup> groups(Node node) {
        var reader = new GroupReader(types, variables, problems);
        var drafts = new ArrayList<DraftGroup>();
        var written = new HashMap<String, Set<String>>();
        var groupOf = new HashMap<String, String>();
        Section.of(node, "'groups'", problems)
                .ifPresent(all -> all.entries().forEach((name, entry) -> {
                    written.put(name, claim(name, entry.value(), groupOf));
                    reader.group(name, entry).ifPresent(drafts::add);
                }));
        return drafts.stream()
                .map(draft -> new ManifestGroup(
                        draft.settings(),
                        draft.online(),
                        new DependencyCheck(
                                        draft,
                                        groupOf,
                                        written.getOrDefault(
                                                draft.settings().id().value(),
                                                draft.resources().keySet()),
                                        types,
                                        problems)
                                .resolve()))
                .toList();
    }

    /// Notes the names of a group's resources, which are unique in the whole cluster.
    private Set<String> claim(String group, Node node, Map<String, String> groupOf) {
        var names = new HashSet<String>();
        mapping(node)
                .flatMap(all -> all.getValue().stream()
                        .filter(tuple -> tuple.getKeyNode() instanceof ScalarNode key
                                && key.getValue().equals("resources"))
                        .findFirst())
                .flatMap(tuple -> mapping(tuple.getValueNode()))
                .ifPresent(resources -> resources.getValue().forEach(tuple -> {
                    if (tuple.getKeyNode() instanceof ScalarNode key) {
                        names.add(key.getValue());
                        var earlier = groupOf.putIfAbsent(key.getValue(), group);
                        if (earlier != null && !earlier.equals(group)) {
                            problems.at(
                                    key,
                                    "resource '%s' is in group '%s' already".formatted(key.getValue(), earlier),
                                    "Choose another name: names of resources are unique in the cluster.");
                        }
                    }
                }));
        return names;
    }

    private static Optional<MappingNode> mapping(Node node) {
        return node instanceof MappingNode mapping ? Optional.of(mapping) : Optional.empty();
    }
}
