package dev.mainstay.service.manifest;

import dev.mainstay.core.state.Dependency;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceSettings;
import dev.mainstay.protocol.TypeSpec;
import dev.mainstay.service.manifest.GroupReader.Draft;
import dev.mainstay.service.manifest.GroupReader.DraftGroup;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/// Reads the dependencies of a group and finds names that are not there and cycles.
final class DependencyCheck {
    private final DraftGroup group;
    private final Map<String, String> groupOf;
    private final Set<String> written;
    private final Map<String, TypeSpec> types;
    private final Problems problems;

    /// @param groupOf the group of each resource of the whole manifest
    /// @param written every resource written in this group, readable or not
    DependencyCheck(
            DraftGroup group,
            Map<String, String> groupOf,
            Set<String> written,
            Map<String, TypeSpec> types,
            Problems problems) {
        this.group = group;
        this.groupOf = groupOf;
        this.written = written;
        this.types = types;
        this.problems = problems;
    }

    /// The resources of the group with their dependencies.
    List<ResourceSettings> resolve() {
        var resolved = new LinkedHashMap<String, ResourceSettings>();
        group.resources().forEach((name, draft) -> resolved.put(name, draft.with(read(name, draft))));
        cycles(resolved);
        resolved.values().forEach(settings -> required(settings, resolved));
        return List.copyOf(resolved.values());
    }

    private Dependency read(String name, Draft draft) {
        if (draft.dependsOn().isEmpty()) {
            return Dependency.NONE;
        }
        var node = draft.dependsOn().get();
        var label = "'dependsOn' of resource '%s'".formatted(name);
        var text = Section.scalar(node, label, "an expression such as data and (ip4 or ip6)", problems);
        if (text.isEmpty()) {
            return Dependency.NONE;
        }
        var quote = node instanceof ScalarNode scalar && scalar.getScalarStyle() != ScalarStyle.PLAIN ? 1 : 0;
        try {
            var read = new DependencyText(text.get());
            var known = read.mentions().stream()
                    .filter(mention -> isKnown(name, mention, node, quote + mention.offset()))
                    .count();
            return known == read.mentions().size() ? read.dependency() : Dependency.NONE;
        } catch (DependencyText.Unreadable unreadable) {
            problems.at(
                    node,
                    quote + unreadable.offset(),
                    "%s: %s".formatted(label, unreadable.getMessage()),
                    unreadable.advice());
            return Dependency.NONE;
        }
    }

    private boolean isKnown(String name, DependencyText.Mention mention, Node node, int offset) {
        var other = mention.name();
        if (other.equals(name)) {
            problems.at(
                    node,
                    offset,
                    "resource '%s' depends on itself".formatted(name),
                    "Remove '%s' here.".formatted(name));
            return false;
        }
        if (written.contains(other)) {
            return group.resources().containsKey(other);
        }
        var elsewhere = groupOf.get(other);
        problems.at(
                node,
                offset,
                elsewhere == null
                        ? "resource '%s' depends on '%s', which is not in group '%s'"
                                .formatted(name, other, group.settings().id())
                        : "resource '%s' depends on '%s', which is in group '%s', not in '%s'"
                                .formatted(
                                        name, other, elsewhere, group.settings().id()),
                elsewhere == null ? advice(name, other) : "Put both into one group: dependencies do not cross groups.");
        return false;
    }

    private String advice(String name, String other) {
        if (problems.moreThanShown()) {
            return "Name a resource of the group.";
        }
        var candidates = new HashSet<>(written);
        candidates.remove(name);
        return Spelling.advice(other, candidates);
    }

    /// What a type needs among the providers of its resources: a class, or a type by its name.
    private void required(ResourceSettings settings, Map<String, ResourceSettings> all) {
        var type = types.get(settings.type().value());
        var draft = group.resources().get(settings.id().value());
        if (type == null || draft == null) {
            return;
        }
        for (var needed : type.abilities().requiredDependencies()) {
            var there = settings.dependency().providers().stream()
                    .map(id -> all.get(id.value()))
                    .anyMatch(provider -> provider != null && is(needed, provider));
            if (!there) {
                var candidates = all.values().stream()
                        .filter(other -> is(needed, other))
                        .map(other -> other.id().value())
                        .toList();
                problems.at(
                        draft.dependsOn().orElse(draft.key()),
                        "resource '%s' of type '%s' depends on no '%s', which its type needs"
                                .formatted(settings.id(), settings.type(), needed),
                        candidates.isEmpty()
                                ? "Add a resource %s to group '%s' and let 'dependsOn' name it."
                                        .formatted(
                                                offered(needed),
                                                group.settings().id())
                                : "Let 'dependsOn' name %s.".formatted(String.join(" or ", candidates)));
            }
        }
    }

    private boolean is(String needed, ResourceSettings resource) {
        var type = resource.type().value();
        var spec = types.get(type);
        return type.equals(needed)
                || (spec != null && spec.abilities().resourceClass().equals(needed));
    }

    private String offered(String needed) {
        var offering = types.values().stream()
                .filter(type -> type.abilities().resourceClass().equals(needed))
                .map(TypeSpec::name)
                .sorted()
                .toList();
        return offering.isEmpty()
                ? "of type '%s'".formatted(needed)
                : "of class '%s' (%s)".formatted(needed, String.join(", ", offering));
    }

    private void cycles(Map<String, ResourceSettings> resources) {
        var done = new HashSet<String>();
        // Without recursion: a chain may be as long as there are resources.
        var path = new LinkedHashMap<String, Iterator<ResourceId>>();
        for (var start : resources.keySet()) {
            var here = done.contains(start) ? null : start;
            while (here != null) {
                var open = path.computeIfAbsent(
                        here, name -> providersOf(resources.get(name)).iterator());
                if (!open.hasNext()) {
                    done.add(here);
                    path.pollLastEntry();
                    here = path.isEmpty() ? null : path.lastEntry().getKey();
                    continue;
                }
                var next = open.next().value();
                if (path.containsKey(next)) {
                    cycle(next, path.keySet());
                } else if (!done.contains(next)) {
                    here = next;
                }
            }
        }
    }

    private static SortedSet<ResourceId> providersOf(@Nullable ResourceSettings settings) {
        return settings == null
                ? Dependency.NONE.providers()
                : settings.dependency().providers();
    }

    private void cycle(String from, Set<String> path) {
        var draft = group.resources().get(from);
        if (draft != null) {
            var cycle = path.stream().dropWhile(name -> !name.equals(from)).collect(Collectors.joining(" -> "));
            problems.at(
                    draft.dependsOn().orElse(draft.key()),
                    "dependencies form a cycle: %s -> %s".formatted(cycle, from),
                    "Remove one of these dependencies, so that one of them can come online first.");
        }
    }
}
