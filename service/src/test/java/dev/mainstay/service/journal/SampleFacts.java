package dev.mainstay.service.journal;

import dev.mainstay.core.event.Cause;
import dev.mainstay.core.event.Event;
import dev.mainstay.core.event.Evolution;
import dev.mainstay.core.event.LogEntry;
import dev.mainstay.core.event.LogEntry.Decided;
import dev.mainstay.core.state.Boot;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Dependency;
import dev.mainstay.core.state.GroupId;
import dev.mainstay.core.state.GroupSettings;
import dev.mainstay.core.state.Maintenance;
import dev.mainstay.core.state.MonitorChoice;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Observed;
import dev.mainstay.core.state.Reason;
import dev.mainstay.core.state.Reason.Rule;
import dev.mainstay.core.state.RegisteredType;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceSettings;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.core.state.ResourceStatus.Wanted;
import dev.mainstay.core.state.RestartPolicy;
import dev.mainstay.core.state.Timing;
import dev.mainstay.core.state.TypeName;
import dev.mainstay.core.state.TypeSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// One fact of each kind, always the same.
public final class SampleFacts {
    static final Instant TIME = Instant.parse("2026-12-01T10:00:00.123456Z");
    /// What the wall clock of the leader says of the time of the entry.
    static final Instant WALL_TIME = TIME.plus(Duration.ofHours(2));

    private static final NodeId N1 = new NodeId("n1");
    private static final NodeId N2 = new NodeId("n2");
    private static final GroupId WEB = new GroupId("web");
    private static final ResourceId IP = new ResourceId("web-ip");
    private static final ResourceId SITE = new ResourceId("web-site");
    private static final TypeName COMMAND = new TypeName("command");

    private SampleFacts() {}

    private static Reason reason(Rule rule) {
        return new Reason(rule, "rule %s applied to a sample".formatted(rule));
    }

    private static GroupSettings group(String description) {
        return new GroupSettings(WEB, description, List.of(N2, N1), 2, Duration.ofHours(6));
    }

    private static ResourceSettings resource(ResourceId id, Dependency dependency) {
        return new ResourceSettings(
                id,
                WEB,
                COMMAND,
                "a sample",
                new TreeMap<>(Map.of("command", List.of("/bin/sleep", "600"))),
                dependency,
                RestartPolicy.DEFAULT,
                Timing.OF_TYPE,
                new TreeSet<>(List.of(N1, N2)));
    }

    private static TypeSettings ofType() {
        var timing = new Timing(Duration.ofSeconds(2), Duration.ZERO, Duration.ZERO, Duration.ofMinutes(1));
        return new TypeSettings(COMMAND, MonitorChoice.TYPE, 64 << 20, 50, Duration.ofHours(1), timing);
    }

    private static Observed observed(ResourceState state) {
        return new Observed(state, N1, 7, 1, 1, "step 2", "exit code 3", TIME.minusMillis(2), TIME.minusMillis(1));
    }

    /// A configuration that the facts of [#entry] concern.
    static ClusterState configured() {
        var ip = new Event.ResourceAdded(resource(IP, Dependency.NONE), reason(Rule.CONFIGURED));
        var needsIp = new Dependency(List.of(new Dependency.AnyOf(List.of(IP))));
        var entry = new LogEntry(
                0,
                TIME,
                List.of(new Decided(
                        new Cause("configure", "user anna", "r0", "apply web.yaml"),
                        List.of(
                                new Event.NodeUp(N1, 1, reason(Rule.NODE)),
                                new Event.NodeUp(N2, 1, reason(Rule.NODE)),
                                new Event.TypeRegistered(
                                        new RegisteredType(COMMAND, "1.0", Duration.ofMinutes(3)),
                                        reason(Rule.CONFIGURED)),
                                new Event.GroupAdded(group("a sample"), N1, reason(Rule.PLACEMENT)),
                                ip,
                                new Event.ResourceAdded(resource(SITE, needsIp), reason(Rule.CONFIGURED))))));
        return Evolution.apply(ClusterState.empty("demo"), entry);
    }

    /// An entry with an event of every kind.
    public static LogEntry entry() {
        return entry(new Boot("b007-1d", Duration.ofHours(3), WALL_TIME.minus(Duration.ofHours(3)), TIME), WALL_TIME);
    }

    /// The same of a version that knew no other time than that of a wall clock.
    public static LogEntry entryWithoutWallTime() {
        return entry(Boot.UNKNOWN, TIME);
    }

    private static LogEntry entry(Boot boot, Instant wallTime) {
        var type = new RegisteredType(COMMAND, "1.1", Duration.ofMinutes(4));
        var moments = List.of(TIME.minusSeconds(60), TIME);
        var events = List.<Event>of(
                new Event.NodeUp(N1, 2, reason(Rule.NODE), boot),
                new Event.NodeStopping(N2, reason(Rule.NODE)),
                new Event.NodeDown(N2, reason(Rule.NODE)),
                new Event.ClusterStopping(reason(Rule.REQUESTED)),
                new Event.ClusterRunning(reason(Rule.NODE)),
                new Event.TypeRegistered(type, reason(Rule.CONFIGURED)),
                new Event.GroupAdded(group("a sample"), N1, reason(Rule.PLACEMENT)),
                new Event.GroupChanged(group("changed"), reason(Rule.CONFIGURED)),
                new Event.GroupDeleted(WEB, reason(Rule.CONFIGURED)),
                new Event.ResourceAdded(resource(IP, Dependency.NONE), reason(Rule.CONFIGURED)),
                new Event.ResourceChanged(resource(IP, Dependency.NONE), reason(Rule.CONFIGURED)),
                new Event.ResourceDeleted(IP, reason(Rule.CONFIGURED)),
                new Event.GroupWanted(WEB, true, reason(Rule.REQUESTED)),
                new Event.ResourceWanted(SITE, Wanted.OFFLINE, reason(Rule.REQUESTED)),
                new Event.ResourceObserved(SITE, observed(ResourceState.ONLINE), reason(Rule.REPORTED)),
                new Event.ResourceFailed(SITE, observed(ResourceState.FAILED), reason(Rule.REPORTED)),
                new Event.FailureRequested(SITE, N1, 3, reason(Rule.REQUESTED)),
                new Event.RestartScheduled(SITE, TIME.plusMillis(500), reason(Rule.RESTART)),
                new Event.RetryScheduled(SITE, TIME.plusSeconds(3600), reason(Rule.FAILOVER_THRESHOLD_REACHED)),
                new Event.ResourceGivenUp(SITE, reason(Rule.NO_RESTART)),
                new Event.AttemptPermitted(SITE, moments, reason(Rule.RESTART_DUE)),
                new Event.TypeConfigured(ofType(), reason(Rule.CONFIGURED)),
                new Event.MaintenanceBegan(
                        SITE, new Maintenance(true, "new disk", "user anna", TIME, 3, 2), reason(Rule.MAINTENANCE)),
                new Event.MaintenanceEnded(SITE, reason(Rule.MAINTENANCE)),
                new Event.RestartRequested(SITE, reason(Rule.REQUESTED)),
                new Event.RestartsForgotten(SITE, reason(Rule.REQUESTED)),
                new Event.FailoversForgotten(WEB, reason(Rule.REQUESTED)),
                new Event.EmbeddedFailureNoted(SITE, "its database is corrupt", reason(Rule.EMBEDDED_FAILURE)),
                new Event.NetworkLost(WEB, N1, TIME, reason(Rule.NETWORK_LOSS)),
                new Event.GroupMoving(WEB, N2, true, moments, reason(Rule.FAILOVER)),
                new Event.OwnerChanged(WEB, N2, reason(Rule.MOVED)));
        var cause = new Cause("report-resources", "node n1", "r1", "report of n1");
        return new LogEntry(1, TIME, List.of(new Decided(cause, events)), wallTime);
    }

    /// The state that the first snapshots of the golden bytes hold.
    public static ClusterState state() {
        return configured();
    }

    /// The same with a boot of which something is known, and a resource that is to be treated as failed.
    public static ClusterState failing() {
        var of = entry().decisions().getFirst();
        var events = of.events().stream()
                .filter(event -> event instanceof Event.NodeUp || event instanceof Event.FailureRequested)
                .toList();
        return Evolution.apply(configured(), new LogEntry(1, TIME, List.of(new Decided(of.cause(), events))));
    }
}
