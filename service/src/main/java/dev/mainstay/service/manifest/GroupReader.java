package dev.mainstay.service.manifest;

import dev.mainstay.core.state.Dependency;
import dev.mainstay.core.state.EmbeddedFailureAction;
import dev.mainstay.core.state.GroupId;
import dev.mainstay.core.state.GroupSettings;
import dev.mainstay.core.state.MonitorChoice;
import dev.mainstay.core.state.Names;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceSettings;
import dev.mainstay.core.state.RestartPolicy;
import dev.mainstay.core.state.RestartPolicy.Action;
import dev.mainstay.core.state.Timing;
import dev.mainstay.core.state.TypeName;
import dev.mainstay.protocol.TypeSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.nodes.Node;

/// Reads one group with its resources; dependencies are left to [DependencyCheck].
///
/// **Source:** limits of intervals and timeouts are the field's own.
final class GroupReader {
    static final List<String> GROUP_KEYS =
            List.of("description", "preferredOwners", "failoverThreshold", "failoverPeriod", "online", "resources");

    static final List<String> RESOURCE_KEYS = List.of(
            "type",
            "description",
            "dependsOn",
            "properties",
            "restart",
            "looksAliveInterval",
            "isAliveInterval",
            "pendingTimeout",
            "deadlockTimeout",
            "possibleOwners",
            "monitor",
            "embeddedFailureAction");

    static final List<String> RESTART_KEYS = List.of("action", "threshold", "period", "delay", "retryPeriod");

    static final List<String> ACTIONS = List.of("restart-then-failover", "restart", "none");

    /// Which monitor hosts a resource.
    static final List<String> MONITORS = List.of("of-type", "shared", "type", "group", "separate");

    /// What follows from a failure inside a resource.
    static final List<String> EMBEDDED_FAILURE_ACTIONS = List.of("recover", "log", "nothing");

    static final Duration LEAST_INTERVAL = Duration.ofMillis(10);
    static final Duration LEAST_PENDING_TIMEOUT = Duration.ofMillis(10);
    static final Duration LEAST_DEADLOCK_TIMEOUT = Duration.ofSeconds(1);

    /// In place of a name that cannot be one, so that reading can go on and find more.
    private static final String STAND_IN = "unnamed";

    /// A resource before its dependency is checked.
    record Draft(ResourceSettings settings, Node key, Optional<Node> dependsOn) {
        ResourceSettings with(Dependency dependency) {
            return settings.with(dependency);
        }
    }

    /// A group before the dependencies of its resources are checked.
    record DraftGroup(GroupSettings settings, boolean online, Map<String, Draft> resources) {}

    private final Map<String, TypeSpec> types;
    private final Variables variables;
    private final Problems problems;

    GroupReader(Map<String, TypeSpec> types, Variables variables, Problems problems) {
        this.types = types;
        this.variables = variables;
        this.problems = problems;
    }

    Optional<DraftGroup> group(String name, Section.Entry entry) {
        var named = isName("group", name, entry.key());
        var noted = Section.of(entry.value(), "group '%s'".formatted(name), problems);
        if (noted.isEmpty()) {
            return Optional.empty();
        }
        var section = noted.get().only(GROUP_KEYS);
        var settings = new GroupSettings(
                new GroupId(named ? name : STAND_IN),
                section.text("description").orElse(""),
                nodes(section, "preferredOwners"),
                section.count("failoverThreshold", GroupSettings.OTHER_NODES),
                section.duration("failoverPeriod", Duration.ZERO, GroupSettings.DEFAULT_FAILOVER_PERIOD));
        var online = section.flag("online", true);
        var resources = new LinkedHashMap<String, Draft>();
        section.node("resources")
                .flatMap(node -> Section.of(node, "'resources' of group '%s'".formatted(name), problems))
                .ifPresent(all -> all.entries()
                        .forEach((key, each) ->
                                resource(settings.id(), key, each).ifPresent(draft -> resources.put(key, draft))));
        if (section.node("resources").isEmpty()) {
            problems.at(entry.key(), "group '%s' has no 'resources'".formatted(name), "Add them, or 'resources: {}'.");
        }
        return Optional.of(new DraftGroup(settings, online, resources));
    }

    private Optional<Draft> resource(GroupId group, String name, Section.Entry entry) {
        var what = "resource '%s'".formatted(name);
        var named = isName("resource", name, entry.key());
        var noted = Section.of(entry.value(), what, problems);
        if (noted.isEmpty()) {
            return Optional.empty();
        }
        var section = noted.get().only(RESOURCE_KEYS);
        var type = type(section, what, entry.key());
        var restart = section.node("restart").map(node -> restart(node, what)).orElse(RestartPolicy.DEFAULT);
        var timing = timing(section);
        var description = section.text("description").orElse("");
        var monitor = section.choice("monitor", MONITORS, MonitorChoice.class).orElse(MonitorChoice.OF_TYPE);
        var embeddedFailure = section.choice(
                        "embeddedFailureAction", EMBEDDED_FAILURE_ACTIONS, EmbeddedFailureAction.class)
                .orElse(EmbeddedFailureAction.RECOVER);
        var owners = new TreeSet<>(nodes(section, "possibleOwners"));
        var properties = type.filter(spec -> !section.misspells("properties", RESOURCE_KEYS))
                .map(spec -> new PropertyReader(spec, what, variables, problems)
                        .read(section.node("properties"), entry.key()));
        if (!named) {
            return Optional.empty();
        }
        var settings = new ResourceSettings(
                new ResourceId(name),
                group,
                new TypeName(type.map(TypeSpec::name).orElse(STAND_IN)),
                description,
                properties.orElseGet(TreeMap::new),
                Dependency.NONE,
                restart,
                timing,
                owners,
                monitor,
                embeddedFailure);
        return Optional.of(new Draft(settings, entry.key(), section.node("dependsOn")));
    }

    /// The times of a resource or a type; zero where none is set.
    static Timing timing(Section section) {
        return new Timing(
                section.duration("looksAliveInterval", LEAST_INTERVAL, Duration.ZERO),
                section.duration("isAliveInterval", LEAST_INTERVAL, Duration.ZERO),
                section.duration("pendingTimeout", LEAST_PENDING_TIMEOUT, Duration.ZERO),
                section.duration("deadlockTimeout", LEAST_DEADLOCK_TIMEOUT, Duration.ZERO));
    }

    private Optional<TypeSpec> type(Section section, String what, Node key) {
        var node = section.node("type");
        if (node.isEmpty()) {
            problems.at(key, "%s has no 'type'".formatted(what), "Add one of: %s.".formatted(sorted(types)));
            return Optional.empty();
        }
        var name = section.text("type");
        var type = name.flatMap(text -> Optional.ofNullable(types.get(text)));
        if (name.isPresent() && type.isEmpty()) {
            problems.at(
                    node.get(),
                    "'%s' is not a resource type".formatted(name.get()),
                    Spelling.advice(name.get(), types.keySet()));
        }
        return type;
    }

    private RestartPolicy restart(Node node, String what) {
        var noted = Section.of(node, "'restart' of " + what, problems);
        if (noted.isEmpty()) {
            return RestartPolicy.DEFAULT;
        }
        var section = noted.get().only(RESTART_KEYS);
        var usual = RestartPolicy.DEFAULT;
        var action = section.choice("action", ACTIONS, Action.class).orElse(usual.action());
        var period = section.duration("period", Duration.ZERO, usual.period());
        var least = period.compareTo(usual.retryPeriod()) > 0 ? period : usual.retryPeriod();
        var retry = section.node("retryPeriod")
                .map(place -> retry(section, place, period))
                .orElse(least);
        return new RestartPolicy(
                action,
                section.count("threshold", usual.threshold()),
                period,
                section.duration("delay", Duration.ZERO, usual.delay()),
                retry);
    }

    /// Zero stands for never.
    private Duration retry(Section section, Node node, Duration period) {
        var label = section.label("retryPeriod");
        return Section.scalar(node, label, "a duration or never", problems)
                .filter(text -> !text.equals("never"))
                .flatMap(text -> section.duration(node, label, text, Duration.ofMillis(1)))
                .map(retry -> {
                    if (retry.compareTo(period) < 0) {
                        problems.at(
                                node,
                                "%s is %s, shorter than the restart period of %s"
                                        .formatted(label, Quantity.text(retry), Quantity.text(period)),
                                "Write at least %s, or never.".formatted(Quantity.text(period)));
                    }
                    return retry;
                })
                .orElse(Duration.ZERO);
    }

    private List<NodeId> nodes(Section section, String key) {
        var nodes = new ArrayList<NodeId>();
        for (var placed : section.list(key)) {
            if (isName("node", placed.text(), placed.node())) {
                nodes.add(new NodeId(placed.text()));
            }
        }
        return nodes;
    }

    private boolean isName(String kind, String name, Node node) {
        if (!Names.isName(name)) {
            problems.at(node, "'%s' cannot be the name of a %s".formatted(name, kind), "Use %s.".formatted(Names.RULE));
        }
        return Names.isName(name);
    }

    private static String sorted(Map<String, TypeSpec> types) {
        return String.join(", ", new TreeSet<>(types.keySet()));
    }
}
