package dev.mainstay.service.http;

import dev.mainstay.api.ErrorView.Problem;
import dev.mainstay.api.PlanView;
import dev.mainstay.core.decision.Command.Change;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Node;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceSettings;
import dev.mainstay.protocol.TypeSpec;
import dev.mainstay.service.http.TypeCheck.Missing;
import dev.mainstay.service.manifest.Plan;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Looks on this node whether what a plan adds or changes can work, before anything is decided.
///
/// What no node could run is refused, and so is what is missing here if this is the only node that could run it
/// and no other resource may bring it. Everything else that is missing is told.
final class PlanCheck {
    /// Types that make no file appear but below their mount point.
    private static final Set<String> BRING_NO_FILES = Set.of("ip-address", "tcp", "http", "file-lock", "filesystem");

    /// More than this nobody reads at once.
    private static final int PROBLEMS_MAX = 100;

    /// Units that mount something.
    private static final Pattern MOUNT = Pattern.compile(".*\\.(auto)?mount");

    private final Surroundings surroundings;
    private final ClusterState state;
    private final Map<String, TypeSpec> types;
    private final Map<ResourceId, ResourceSettings> future = new TreeMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, List<String>> notes = new HashMap<>();

    private PlanCheck(Surroundings surroundings, ClusterState state) {
        this.surroundings = surroundings;
        this.state = state;
        this.types = surroundings.types().get();
    }

    /// What came of it.
    ///
    /// @param plan the plan with what was noted
    record Result(Plan plan, List<Problem> problems) {}

    /// @param place finds a resource in the file, by its name
    static Result of(Plan plan, Surroundings surroundings, ClusterState state, Place place)
            throws InterruptedException {
        var check = new PlanCheck(surroundings, state);
        check.look(plan, place);
        var described = plan.described().stream().map(check::noted).toList();
        return new Result(new Plan(plan.configRevision(), plan.changes(), described), check.problems);
    }

    /// Where a resource stands.
    @FunctionalInterface
    interface Place {
        Problem at(ResourceId resource, String message, String advice);
    }

    private void look(Plan plan, Place place) throws InterruptedException {
        state.resources().forEach((id, resource) -> future.put(id, resource.settings()));
        var asked = new ArrayList<ResourceSettings>();
        for (var change : plan.changes()) {
            if (change instanceof Change.PutResource(var settings)) {
                future.put(settings.id(), settings);
                if (isOurs(settings) && mayRunOn(surroundings.node(), settings)) {
                    asked.add(settings);
                }
            } else if (change instanceof Change.DeleteResource(var id)) {
                future.remove(id);
            }
        }
        var verdicts = surroundings.typeCheck().verdicts(asked);
        for (int i = 0; i < Math.min(asked.size(), verdicts.size()) && problems.size() < PROBLEMS_MAX; i++) {
            judge(asked.get(i), verdicts.get(i), place);
        }
    }

    private void judge(ResourceSettings settings, TypeCheck.Verdict verdict, Place place) {
        for (var wrong : verdict.wrong()) {
            problems.add(place.at(settings.id(), "resource '%s' cannot work: %s".formatted(settings.id(), wrong), ""));
        }
        for (var missing : verdict.missing()) {
            if (runsElsewhere(settings) || mayCome(settings, missing)) {
                notes.computeIfAbsent(settings.id().value(), _ -> new ArrayList<>())
                        .add("not on node '%s' now: %s".formatted(surroundings.node(), missing.words()));
            } else {
                problems.add(place.at(
                        settings.id(),
                        "resource '%s' cannot work on node '%s': %s"
                                .formatted(settings.id(), surroundings.node(), missing.words()),
                        ""));
            }
        }
    }

    /// The code of others is not run before it is needed.
    private boolean isOurs(ResourceSettings settings) {
        var type = types.get(settings.type().value());
        return type != null && type.abilities().plugin().isEmpty();
    }

    private static boolean mayRunOn(NodeId node, ResourceSettings settings) {
        return settings.possibleOwners().isEmpty() || settings.possibleOwners().contains(node);
    }

    private boolean runsElsewhere(ResourceSettings settings) {
        return state.nodes().values().stream()
                .filter(node -> node.state() == Node.State.UP && !node.id().equals(surroundings.node()))
                .anyMatch(node -> mayRunOn(node.id(), settings));
    }

    /// Whether another resource may bring what is missing: one it depends on, or, for files, a unit of its group
    /// that mounts, or any resource whose properties name a folder above.
    private boolean mayCome(ResourceSettings settings, Missing missing) {
        return providers(settings).stream().anyMatch(one -> mayBring(one, missing))
                || future.values().stream()
                        .filter(one ->
                                !one.id().equals(settings.id()) && !missing.at().isEmpty())
                        .anyMatch(one -> (one.group().equals(settings.group()) && mounts(one))
                                || Stream.of(missing.at(), missing.leadsTo()).anyMatch(path -> isAbove(one, path)));
    }

    /// A program without a path is looked for in folders that may be on a file system.
    private static boolean mayBring(ResourceSettings provider, Missing missing) {
        var type = provider.type().value();
        return !BRING_NO_FILES.contains(type) || (missing.at().isEmpty() && type.equals("filesystem"));
    }

    private static boolean mounts(ResourceSettings settings) {
        return settings.properties().getOrDefault("unit", List.of()).stream()
                .anyMatch(unit -> MOUNT.matcher(unit).matches());
    }

    private static boolean isAbove(ResourceSettings settings, String path) {
        return !path.isEmpty()
                && settings.properties().values().stream()
                        .flatMap(List::stream)
                        .map(value -> value.substring(value.indexOf('=') + 1))
                        .filter(value -> value.startsWith("/") && value.length() > 1)
                        .anyMatch(value -> isAbove(value, path));
    }

    private static boolean isAbove(String folder, String path) {
        try {
            return Path.of(path).normalize().startsWith(Path.of(folder).normalize());
        } catch (InvalidPathException noPath) {
            return false;
        }
    }

    private List<ResourceSettings> providers(ResourceSettings settings) {
        var seen = new HashSet<ResourceId>();
        var all = new ArrayList<ResourceSettings>();
        var open = new ArrayDeque<>(settings.dependency().providers());
        while (!open.isEmpty()) {
            var id = open.remove();
            var provider = future.get(id);
            if (seen.add(id) && provider != null) {
                all.add(provider);
                open.addAll(provider.dependency().providers());
            }
        }
        return all;
    }

    private PlanView.Change noted(PlanView.Change change) {
        var added = change.kind().equals("resource") ? notes.getOrDefault(change.name(), List.of()) : List.<String>of();
        return added.isEmpty()
                ? change
                : new PlanView.Change(
                        change.action(),
                        change.kind(),
                        change.name(),
                        Stream.concat(change.details().stream(), added.stream()).toList(),
                        change.consequence());
    }
}
