package dev.mainstay.core;

import dev.mainstay.core.decision.Command;
import dev.mainstay.core.decision.Command.Change;
import dev.mainstay.core.decision.Decider;
import dev.mainstay.core.decision.Decision;
import dev.mainstay.core.decision.Refusal;
import dev.mainstay.core.event.Cause;
import dev.mainstay.core.event.Event;
import dev.mainstay.core.event.Evolution;
import dev.mainstay.core.event.LogEntry;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Conditions;
import dev.mainstay.core.state.Dependency;
import dev.mainstay.core.state.GroupId;
import dev.mainstay.core.state.GroupSettings;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Observed;
import dev.mainstay.core.state.RegisteredType;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceSettings;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.core.state.RestartPolicy;
import dev.mainstay.core.state.Timing;
import dev.mainstay.core.state.TypeName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// A cluster to decide on: keeps the state, stamps time, and gives resources and reports short names.
public final class Fixture {
    public static final NodeId N1 = new NodeId("n1");
    public static final NodeId N2 = new NodeId("n2");
    public static final NodeId N3 = new NodeId("n3");
    public static final GroupId SHOP = new GroupId("shop");
    public static final TypeName PROCESS = new TypeName("process");
    public static final RestartPolicy AT_ONCE = new RestartPolicy(
            RestartPolicy.Action.RESTART_THEN_FAILOVER, 3, Duration.ofMinutes(15), Duration.ZERO, Duration.ofHours(1));

    public Instant now = Instant.parse("2026-12-01T10:00:00Z");
    public ClusterState state = ClusterState.empty("test");
    private long sequence;

    public Fixture(NodeId... nodes) {
        for (var node : nodes) {
            decide(new Command.StartNode(node, 1));
        }
        decide(new Command.RegisterTypes(List.of(new RegisteredType(PROCESS, "1", Duration.ofMinutes(3)))));
    }

    /// A node, a group `shop` of these resources, all wanted online.
    public static Fixture running(RestartPolicy restart, List<NodeId> nodes, ResourceSettings... resources) {
        var fixture = new Fixture(nodes.toArray(NodeId[]::new));
        fixture.configure(Arrays.stream(resources)
                .map(settings -> withRestart(settings, restart))
                .toArray(ResourceSettings[]::new));
        fixture.decide(new Command.OnlineGroup(SHOP, false));
        return fixture;
    }

    public void configure(ResourceSettings... resources) {
        var changes = new ArrayList<Change>();
        changes.add(new Change.PutGroup(group(SHOP), false));
        for (var settings : resources) {
            changes.add(new Change.PutResource(settings));
        }
        decide(new Command.Configure(changes, -1));
    }

    public static GroupSettings group(GroupId id) {
        return new GroupSettings(id, "", List.of(), GroupSettings.OTHER_NODES, GroupSettings.DEFAULT_FAILOVER_PERIOD);
    }

    public static ResourceSettings resource(String name, String... providers) {
        var all = Arrays.stream(providers)
                .map(provider -> new Dependency.AnyOf(Arrays.stream(provider.split("\\|"))
                        .map(ResourceId::new)
                        .toList()))
                .toList();
        return new ResourceSettings(
                id(name),
                SHOP,
                PROCESS,
                "",
                new TreeMap<>(),
                new Dependency(all),
                AT_ONCE,
                Timing.OF_TYPE,
                new TreeSet<>());
    }

    public static ResourceSettings withRestart(ResourceSettings settings, RestartPolicy restart) {
        return new ResourceSettings(
                settings.id(),
                settings.group(),
                settings.type(),
                settings.description(),
                settings.properties(),
                settings.dependency(),
                restart,
                settings.timing(),
                settings.possibleOwners(),
                settings.monitor(),
                settings.embeddedFailure());
    }

    public static ResourceId id(String name) {
        return new ResourceId(name);
    }

    /// Decides and applies; fails when the command is refused.
    public List<Event> decide(Command command) {
        return switch (Decider.decide(state, command, now)) {
            case Decision.Accepted(var events) -> {
                apply(events);
                yield events;
            }
            case Decision.Refused(var refusal) -> throw new AssertionError(command + " was refused: " + refusal);
        };
    }

    /// Decides and expects a refusal.
    public Refusal refused(Command command) {
        if (Decider.decide(state, command, now) instanceof Decision.Refused(var refusal)) {
            return refusal;
        }
        throw new AssertionError(command + " was accepted");
    }

    /// Reports a state of the resource's current attempt from the group's owner.
    public List<Event> report(String name, ResourceState seen) {
        return report(
                name, seen, state.resource(id(name)).orElseThrow().status().attempt());
    }

    public List<Event> report(String name, ResourceState seen, long attempt) {
        var group = state.group(SHOP).orElseThrow();
        return reportFrom(
                group.status().owner(), name, seen, attempt, group.status().epoch());
    }

    public List<Event> reportFrom(NodeId node, String name, ResourceState seen, long attempt, long epoch) {
        var observed = new Observed(seen, node, ++sequence, epoch, attempt, "", "", now, now);
        var reports = new TreeMap<ResourceId, Observed>();
        reports.put(id(name), observed);
        return decide(new Command.ReportResources(node, 1, reports));
    }

    /// Reports that the current attempt failed by what no repetition on its node mends.
    public List<Event> failForGood(String name) {
        var group = state.group(SHOP).orElseThrow().status();
        var attempt = state.resource(id(name)).orElseThrow().status().attempt();
        var observed = new Observed(
                ResourceState.FAILED,
                group.owner(),
                ++sequence,
                group.epoch(),
                attempt,
                "",
                "the program is missing",
                now,
                now,
                new Conditions("", "", "", "", true));
        return decide(new Command.ReportResources(group.owner(), 1, new TreeMap<>(Map.of(id(name), observed))));
    }

    /// Reports what else holds of an online resource of the current attempt.
    public List<Event> signal(String name, Conditions conditions) {
        var group = state.group(SHOP).orElseThrow().status();
        var attempt = state.resource(id(name)).orElseThrow().status().attempt();
        var observed = new Observed(
                ResourceState.ONLINE, group.owner(), ++sequence, group.epoch(), attempt, "", "", now, now, conditions);
        return decide(new Command.ReportResources(group.owner(), 1, new TreeMap<>(Map.of(id(name), observed))));
    }

    /// Begins or ends work on a resource.
    public List<Event> maintain(String name, boolean on) {
        return decide(new Command.Maintain(List.of(id(name)), on, "new disk", "user anna", now));
    }

    public void pass(Duration span) {
        now = now.plus(span);
    }

    private void apply(List<Event> events) {
        if (!events.isEmpty()) {
            var decided = new LogEntry.Decided(new Cause("test", "test", "", ""), events);
            state = Evolution.apply(state, new LogEntry(state.revision(), now, List.of(decided)));
        }
    }
}
