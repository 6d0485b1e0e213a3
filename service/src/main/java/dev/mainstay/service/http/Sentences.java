package dev.mainstay.service.http;

import dev.mainstay.core.state.Causes;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Dependency.AnyOf;
import dev.mainstay.core.state.Group;
import dev.mainstay.core.state.GroupId;
import dev.mainstay.core.state.GroupStatus.Transfer;
import dev.mainstay.core.state.Node;
import dev.mainstay.core.state.Recovery;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.core.state.ResourceStatus.Wanted;
import dev.mainstay.core.state.Words;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// Says in one sentence why a group or a resource is as it is.
final class Sentences {
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final Map<String, String> LABELS = Map.of(
            "locked", "it is locked",
            "embeddedFailure", "failure inside it",
            "networkLoss", "a network is lost",
            "ignoredFailure", "noted");

    private final ClusterState state;
    /// What needs each resource, of the groups that were looked at: most are asked for all their resources.
    private final Map<GroupId, Map<ResourceId, List<Resource>>> dependents = new HashMap<>();
    private final Optional<UnaryOperator<Instant>> wallTime;
    private final Causes causes;

    /// Sentences that name a time to come by how long it takes.
    Sentences(ClusterState state) {
        this.state = state;
        this.causes = new Causes(state);
        this.wallTime = Optional.empty();
    }

    /// Sentences that name a time to come by the wall clock.
    ///
    /// @param wallTime what that clock says at a moment of cluster time
    Sentences(ClusterState state, UnaryOperator<Instant> wallTime) {
        this.state = state;
        this.causes = new Causes(state);
        this.wallTime = Optional.of(wallTime);
    }

    /// A state as operators write it.
    static String words(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /// What is decided about the last failure, or empty.
    String recovery(Resource resource) {
        var policy = resource.settings().restart();
        return switch (resource.status().recovery()) {
            case Recovery.None none -> "";
            case Recovery.RestartAt restart -> "restarts " + due(restart.due(), policy.delay());
            case Recovery.RetryAt retry -> "one more attempt " + due(retry.due(), policy.retryPeriod());
            case Recovery.StayFailed stays -> "stays failed until it is brought online by command";
        };
    }

    String of(Group group) {
        var id = group.settings().id();
        var resources = DependencyOrder.of(state.resourcesOf(id));
        if (group.status().transfer() instanceof Transfer.To to) {
            return "moves to node '%s': %s".formatted(to.target(), to.reason().text());
        }
        if (resources.isEmpty()) {
            return "has no resources";
        }
        var failed = resources.stream()
                .filter(resource -> stateOf(resource) == ResourceState.FAILED)
                .findFirst();
        if (failed.isPresent()) {
            return "resource '%s' %s".formatted(failed.get().settings().id(), of(failed.get()));
        }
        return switch (state.stateOf(id)) {
            case ONLINE -> "all its resources are online";
            case OFFLINE -> group.status().wantedOnline() ? unfinished(group) : "its persistent state is offline";
            case PARTIAL_ONLINE, PENDING, FAILED -> unfinished(group);
        };
    }

    private String unfinished(Group group) {
        return DependencyOrder.of(state.resourcesOf(group.settings().id())).stream()
                .filter(resource -> stateOf(resource)
                        != (group.status().wantedOnline() ? ResourceState.ONLINE : ResourceState.OFFLINE))
                .findFirst()
                .map(resource ->
                        "resource '%s' %s".formatted(resource.settings().id(), of(resource)))
                .orElse("its persistent state is " + (group.status().wantedOnline() ? "online" : "offline"));
    }

    String of(Resource resource) {
        var text = new StringBuilder(ofState(resource));
        var maintenance = resource.status().maintenance();
        if (maintenance.on()) {
            text.append("; ").append(maintenance).append(", so that nothing follows from what happens to it");
        }
        conditions(resource).forEach((name, words) -> {
            if (!name.equals("maintenance")) {
                text.append("; ").append(LABELS.get(name)).append(": ").append(words);
            }
        });
        return text.toString();
    }

    /// What holds beside the state, by name; only what does hold.
    static SortedMap<String, String> conditions(Resource resource) {
        var conditions = resource.status().observed().conditions();
        var all = new TreeMap<String, String>();
        all.put("locked", conditions.locked());
        all.put("embeddedFailure", conditions.embeddedFailure());
        all.put("networkLoss", conditions.networkLoss());
        all.put("ignoredFailure", conditions.ignoredFailure());
        var maintenance = resource.status().maintenance();
        all.put("maintenance", maintenance.on() ? maintenance.toString() : "");
        all.values().removeIf(String::isEmpty);
        return all;
    }

    private String ofState(Resource resource) {
        var detail = resource.status().observed().detail();
        if (stateOf(resource) == ResourceState.INITIALIZING && !detail.isEmpty()) {
            return "may or may not run: " + detail;
        }
        return switch (stateOf(resource)) {
            case FAILED -> failed(resource);
            case INITIALIZING, OFFLINE -> resting(resource);
            case ONLINE_PENDING -> "comes online" + checkpoint(resource);
            case ONLINE -> online(resource);
            case OFFLINE_PENDING -> "goes offline%s%s".formatted(checkpoint(resource), because(resource));
        };
    }

    private String failed(Resource resource) {
        var detail = resource.status().observed().detail();
        var cause = detail.isEmpty() ? "failed" : "failed (%s)".formatted(detail);
        return switch (resource.status().recovery()) {
            case Recovery.None none -> {
                if (!state.wantedOnline(resource)) {
                    yield cause + because(resource);
                }
                yield resource.status().heldBack()
                        ? cause + waits(resource)
                        : cause + "; its next start is permitted" + waits(resource);
            }
            case Recovery.RestartAt restart ->
                "%s; %s; %s".formatted(cause, restart.reason().text(), recovery(resource));
            case Recovery.RetryAt retry ->
                "%s; %s; %s".formatted(cause, retry.reason().text(), recovery(resource));
            case Recovery.StayFailed stays ->
                "%s; %s; it stays failed until it is brought online by command"
                        .formatted(cause, stays.reason().text());
        };
    }

    private String resting(Resource resource) {
        if (!state.wantedOnline(resource)) {
            return "is offline" + because(resource);
        }
        var waits = waits(resource);
        if (!waits.isEmpty()) {
            return "is offline: " + waits.substring(2);
        }
        return stateOf(resource) == ResourceState.INITIALIZING
                ? "waits for the first report of its resource monitor"
                : "is about to be brought online";
    }

    /// What stands between a resource and its start, beginning with "; ", or empty.
    private String waits(Resource resource) {
        if (state.stopping()) {
            return "; the cluster is being stopped";
        }
        if (resource.status().heldBack()) {
            return "; it is not started while it is in maintenance, unless by command";
        }
        var group = state.group(resource.settings().group());
        if (group.isPresent() && group.get().status().transfer() instanceof Transfer.To to) {
            return "; waits until its group is on node '%s'".formatted(to.target());
        }
        var owner = group.flatMap(found -> state.node(found.status().owner()));
        if (owner.isPresent() && owner.get().state() != Node.State.UP) {
            return "; waits for node '%s', which is %s"
                    .formatted(owner.get().id(), words(owner.get().state()));
        }
        return resource.settings().dependency().all().stream()
                .filter(one -> one.any().stream().noneMatch(this::isOnline))
                .map(Sentences::names)
                .reduce((one, other) -> one + " and " + other)
                .map(names -> "; waits for %s to come online%s"
                        .formatted(
                                names,
                                causes.blocking(resource).map(": "::concat).orElse("")))
                .orElse("");
    }

    private String online(Resource resource) {
        if (!state.wantedOnline(resource)) {
            var dependents = dependentsOf(resource).stream()
                    .filter(other -> !stateOf(other).atRest())
                    .map(other -> "'%s'".formatted(other.settings().id()))
                    .collect(Collectors.joining(" and "));
            return dependents.isEmpty()
                    ? "is about to go offline" + because(resource)
                    : "waits for %s to go offline first%s".formatted(dependents, because(resource));
        }
        var detail = resource.status().observed().detail();
        return "is online since %s%s"
                .formatted(Words.of(resource.status().observed().changedAt()), detail.isEmpty() ? "" : ": " + detail);
    }

    /// What names the resource in its dependency, by name.
    private List<Resource> dependentsOf(Resource resource) {
        return dependents
                .computeIfAbsent(resource.settings().group(), this::dependentsIn)
                .getOrDefault(resource.settings().id(), List.of());
    }

    private Map<ResourceId, List<Resource>> dependentsIn(GroupId group) {
        var found = new HashMap<ResourceId, List<Resource>>();
        for (var resource : state.resourcesOf(group)) {
            for (var provider : resource.settings().dependency().providers()) {
                found.computeIfAbsent(provider, _ -> new ArrayList<>()).add(resource);
            }
        }
        return found;
    }

    private String because(Resource resource) {
        if (state.stopping()) {
            return " because the cluster is being stopped";
        }
        if (resource.status().restarting()) {
            return " because it is restarted by command";
        }
        if (resource.status().wanted() == Wanted.OFFLINE) {
            return " because it was commanded offline";
        }
        var group = state.group(resource.settings().group());
        if (group.isPresent() && group.get().status().transfer() instanceof Transfer.To to) {
            return " because group '%s' moves to node '%s'"
                    .formatted(resource.settings().group(), to.target());
        }
        return state.wantedOnline(resource)
                ? causes.lacking(resource).map(" because "::concat).orElse("")
                : " because the persistent state of group '%s' is offline"
                        .formatted(resource.settings().group());
    }

    private static String checkpoint(Resource resource) {
        var checkpoint = resource.status().observed().checkpoint();
        return checkpoint.isEmpty() ? "" : ": " + checkpoint;
    }

    private boolean isOnline(ResourceId id) {
        return state.resource(id)
                .map(found -> stateOf(found) == ResourceState.ONLINE)
                .orElse(false);
    }

    private static ResourceState stateOf(Resource resource) {
        return resource.status().observed().state();
    }

    private static String names(AnyOf one) {
        return one.any().stream().map("'%s'"::formatted).collect(Collectors.joining(" or "));
    }

    /// Cluster time is no time of day.
    private String due(Instant clusterTime, Duration after) {
        return wallTime.map(wall -> "at " + clock(wall.apply(clusterTime))).orElseGet(() -> "after " + Words.of(after));
    }

    private static String clock(Instant time) {
        return CLOCK.format(time);
    }
}
