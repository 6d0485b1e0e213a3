package dev.mainstay.bench;

import dev.mainstay.core.decision.Command;
import dev.mainstay.core.decision.Command.Change;
import dev.mainstay.core.decision.Decider;
import dev.mainstay.core.decision.Decision;
import dev.mainstay.core.event.Cause;
import dev.mainstay.core.event.Evolution;
import dev.mainstay.core.event.LogEntry;
import dev.mainstay.core.state.ClusterState;
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
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// What the core takes to decide a burst of reports and a manifest, and to evolve the state by what was decided.
///
/// Each size is measured in two shapes, every resource in a group of its own and all in one group, of which the
/// slower one counts. A round begins with an empty cluster. Measured is the processor time of the thread, because
/// it computes and waits for nothing: whoever else is on the machine hardly changes it.
final class Deciding {
    private static final int[] SIZES = {1_000, 3_000, 10_000};
    private static final int ROUNDS = 11;
    private static final int WARM_UP_ROUNDS = 3;
    private static final NodeId NODE = new NodeId("n1");
    private static final TypeName TYPE = new TypeName("process");

    private static final RestartPolicy RESTART = new RestartPolicy(
            RestartPolicy.Action.RESTART_THEN_FAILOVER, 3, Duration.ofMinutes(15), Duration.ZERO, Duration.ofHours(1));

    private final Instant now = Instant.parse("2026-12-01T10:00:00Z");
    private final boolean together;
    private final int resources;
    private ClusterState state = ClusterState.empty("bench");

    private Deciding(boolean together, int resources) {
        this.together = together;
        this.resources = resources;
    }

    /// How long the steps of a round took, in milliseconds.
    private record Round(double manifest, double report) {}

    static Map<String, Double> run(Installation installation) {
        var figures = new LinkedHashMap<String, Double>();
        for (int size : SIZES) {
            var single = median(false, size);
            var together = median(true, size);
            figures.put("manifest_%d_ms".formatted(size), Math.max(single.manifest, together.manifest));
            figures.put("report_%d_ms".formatted(size), Math.max(single.report, together.report));
        }
        for (var step : List.of("manifest", "report")) {
            figures.put(
                    step + "_10000_to_3000_ratio",
                    figures.getOrDefault(step + "_10000_ms", 0.0) / figures.getOrDefault(step + "_3000_ms", 1.0));
        }
        return figures;
    }

    private static Round median(boolean together, int size) {
        var manifest = new double[ROUNDS];
        var report = new double[ROUNDS];
        for (int i = -WARM_UP_ROUNDS; i < ROUNDS; i++) {
            var round = new Deciding(together, size).round();
            if (i < 0) {
                System.out.printf(
                        "  warming up: manifest %.1f ms, report burst %.1f ms%n", round.manifest, round.report);
            } else {
                manifest[i] = round.manifest;
                report[i] = round.report;
            }
        }
        System.out.printf(
                "core: %d resources %s, %d rounds: manifest median %.1f ms (%.1f to %.1f),"
                        + " report burst median %.1f ms (%.1f to %.1f)%n",
                size,
                together ? "in one group" : "in groups of their own",
                ROUNDS,
                Figures.median(manifest),
                Figures.percentile(manifest, 0),
                Figures.percentile(manifest, 1),
                Figures.median(report),
                Figures.percentile(report, 0),
                Figures.percentile(report, 1));
        return new Round(Figures.median(manifest), Figures.median(report));
    }

    private Round round() {
        decide(new Command.StartNode(NODE, 1));
        decide(new Command.RegisterTypes(List.of(new RegisteredType(TYPE, "1", Duration.ofMinutes(3)))));
        double manifest = decide(manifest());
        decide(burst(ResourceState.ONLINE, 1));
        double report = decide(burst(ResourceState.FAILED, 2));
        return new Round(manifest, report);
    }

    /// Decides a command and applies the entry; in milliseconds.
    private double decide(Command command) {
        var threads = ManagementFactory.getThreadMXBean();
        long began = threads.getCurrentThreadCpuTime();
        switch (Decider.decide(state, command, now)) {
            case Decision.Accepted(var events) -> {
                var decided = new LogEntry.Decided(new Cause("bench", "bench", "", ""), events);
                state = Evolution.apply(state, new LogEntry(state.revision(), now, List.of(decided)));
            }
            case Decision.Refused(var refusal) -> throw new IllegalStateException("refused: " + refusal.message());
        }
        return (threads.getCurrentThreadCpuTime() - began) / 1e6;
    }

    private static ResourceId name(int number) {
        return new ResourceId("resource-%d".formatted(number));
    }

    private GroupId group(int number) {
        return new GroupId("group-%d".formatted(together ? 0 : number));
    }

    private Command manifest() {
        var changes = new ArrayList<Change>();
        for (int i = 0; i < resources; i++) {
            if (i == 0 || !together) {
                changes.add(new Change.PutGroup(
                        new GroupSettings(
                                group(i),
                                "",
                                List.of(),
                                GroupSettings.OTHER_NODES,
                                GroupSettings.DEFAULT_FAILOVER_PERIOD),
                        true));
            }
            var needs = together && i % 10 > 0
                    ? new Dependency(List.of(new Dependency.AnyOf(List.of(name(i - 1)))))
                    : Dependency.NONE;
            changes.add(new Change.PutResource(new ResourceSettings(
                    name(i),
                    group(i),
                    TYPE,
                    "",
                    new TreeMap<>(Map.of("command", List.of("/bin/sleep", "infinity"))),
                    needs,
                    RESTART,
                    Timing.OF_TYPE,
                    new TreeSet<>())));
        }
        return new Command.Configure(changes, -1);
    }

    private Command burst(ResourceState seen, long sequence) {
        var reports = new TreeMap<ResourceId, Observed>();
        for (int i = 0; i < resources; i++) {
            reports.put(name(i), new Observed(seen, NODE, sequence, 1, 1, "", "", now, now));
        }
        return new Command.ReportResources(NODE, 1, reports);
    }
}
