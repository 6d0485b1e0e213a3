package dev.mainstay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.decision.Command;
import dev.mainstay.core.decision.Command.Change;
import dev.mainstay.core.order.Held;
import dev.mainstay.core.order.Orders;
import dev.mainstay.core.state.Dependency;
import dev.mainstay.core.state.GroupId;
import dev.mainstay.core.state.GroupSettings;
import dev.mainstay.core.state.Observed;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceSettings;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.core.state.RestartPolicy;
import dev.mainstay.core.state.Timing;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a decision costs grows with what it concerns, not with its square.
///
/// Counted is the processor time of this thread, which others on the machine hardly disturb: the least of some
/// rounds. Four times as many resources take four times as long, and sixteen times as long where each looks at
/// all.
class LargeClusterTest {
    private static final int FEW = 1_000;
    private static final int MANY = 4 * FEW;
    private static final int ROUNDS = 2;
    /// The compiler and the collection of garbage may fall into one round, not into each of so many.
    private static final int ROUNDS_MAX = 12;
    private static final double RATIO_MAX = 9;

    private static final RestartPolicy GIVES_UP = new RestartPolicy(
            RestartPolicy.Action.RESTART_THEN_FAILOVER, 0, Duration.ofMinutes(15), Duration.ZERO, Duration.ZERO);

    /// How the resources are spread.
    enum Shape {
        /// Each in a group of its own.
        SINGLE,
        /// All in one group.
        TOGETHER,
        /// All in one group, each depending on the next.
        CHAIN
    }

    @ParameterizedTest
    @EnumSource
    void everyDecisionIsLinear(Shape shape) {
        var few = new TreeMap<String, Long>();
        var many = new TreeMap<String, Long>();
        for (int round = 0;
                round < ROUNDS
                        || (round < ROUNDS_MAX && !tooLong(shape, few, many).isEmpty());
                round++) {
            addRound(few, shape, FEW);
            addRound(many, shape, MANY);
        }

        assertThat(tooLong(shape, few, many)).isEmpty();
    }

    private static void addRound(Map<String, Long> best, Shape shape, int count) {
        new Life(shape, count).nanos.forEach((step, nanos) -> best.merge(step, nanos, Math::min));
    }

    /// The steps that grew too much, in words.
    private static List<String> tooLong(Shape shape, Map<String, Long> few, Map<String, Long> many) {
        var found = new ArrayList<String>();
        few.forEach((step, nanos) -> {
            long more = many.getOrDefault(step, 0L);
            double ratio = (double) more / Math.max(nanos, 100_000);
            if (ratio >= RATIO_MAX) {
                found.add("%s, %s: %d resources took %.1f ms, %d took %.1f ms, %.1f times as long"
                        .formatted(shape, step, FEW, nanos / 1e6, MANY, more / 1e6, ratio));
            }
        });
        return found;
    }

    /// One cluster, and how long each of its steps took.
    private static final class Life {
        final Map<String, Long> nanos = new TreeMap<>();
        private final Fixture fixture = new Fixture(Fixture.N1, Fixture.N2);
        private final Shape shape;
        private final int count;
        private long sequence;

        Life(Shape shape, int count) {
            this.shape = shape;
            this.count = count;
            timed("configure", () -> fixture.decide(new Command.Configure(changes(), -1)));
            timed("configure again", () -> fixture.decide(new Command.Configure(changes(), -1)));
            timed("report online", () -> report(ResourceState.ONLINE));
            timed("report failed and stay", () -> report(ResourceState.FAILED));
            timed("reset", () -> ofGroups(Command.ResetGroup::new));
            timed("report online again", () -> report(ResourceState.ONLINE));
            timed("restart", () -> ofGroups(group -> new Command.RestartGroup(group, false)));
            timed("orders", this::orders);
            timed("provider", () -> fixture.decide(new Command.RestartResource(name(count - 1), false)));
            timed("dependents", () -> fixture.decide(new Command.OfflineResource(name(count - 1), false)));
            timed("providers", () -> fixture.decide(new Command.OnlineResource(name(0), false)));
            timed("move", () -> ofGroups(group -> new Command.MoveGroup(group, Fixture.N2, false)));
            timed("arrive", () -> report(ResourceState.OFFLINE));
            timed("offline", () -> ofGroups(group -> new Command.OfflineGroup(group, false)));
            timed("leave", () -> fixture.decide(new Command.LeaveNode(Fixture.N2, 1)));
            timed("start", () -> fixture.decide(new Command.StartNode(Fixture.N2, 2)));
        }

        private void timed(String step, Runnable work) {
            var threads = ManagementFactory.getThreadMXBean();
            long began = threads.getCurrentThreadCpuTime();
            work.run();
            nanos.put(step, threads.getCurrentThreadCpuTime() - began);
        }

        private void ofGroups(Function<GroupId, Command> command) {
            for (var group : List.copyOf(fixture.state.groups().keySet())) {
                fixture.decide(command.apply(group));
            }
        }

        private static ResourceId name(int number) {
            return new ResourceId("r%05d".formatted(number));
        }

        private GroupId group(int number) {
            return shape == Shape.SINGLE ? new GroupId("g%05d".formatted(number)) : Fixture.SHOP;
        }

        private List<Change> changes() {
            var changes = new ArrayList<Change>();
            for (int i = 0; i < (shape == Shape.SINGLE ? count : 1); i++) {
                changes.add(new Change.PutGroup(
                        new GroupSettings(group(i), "", List.of(Fixture.N1), 0, Duration.ofHours(6)), true));
            }
            for (int i = 0; i < count; i++) {
                changes.add(new Change.PutResource(new ResourceSettings(
                        name(i),
                        group(i),
                        Fixture.PROCESS,
                        "",
                        new TreeMap<>(),
                        shape == Shape.CHAIN && i + 1 < count
                                ? new Dependency(List.of(new Dependency.AnyOf(List.of(name(i + 1)))))
                                : Dependency.NONE,
                        GIVES_UP,
                        Timing.OF_TYPE,
                        new TreeSet<>())));
            }
            return changes;
        }

        private void report(ResourceState seen) {
            var reports = new TreeMap<ResourceId, Observed>();
            sequence++;
            fixture.state.resources().forEach((id, resource) -> {
                var group = fixture.state
                        .group(resource.settings().group())
                        .orElseThrow()
                        .status();
                reports.put(
                        id,
                        new Observed(
                                seen,
                                group.owner(),
                                sequence,
                                group.epoch(),
                                resource.status().attempt(),
                                "",
                                "",
                                fixture.now,
                                fixture.now));
            });
            fixture.decide(new Command.ReportResources(Fixture.N1, 1, reports));
        }

        private void orders() {
            var held = new TreeMap<ResourceId, Held>();
            fixture.state
                    .resources()
                    .forEach((id, resource) -> held.put(
                            id,
                            new Held(
                                    ResourceState.ONLINE,
                                    fixture.state
                                            .group(resource.settings().group())
                                            .orElseThrow()
                                            .status()
                                            .epoch(),
                                    resource.status().attempt(),
                                    resource.specRevision())));
            held.put(name(count - 1), new Held(ResourceState.FAILED, 1, 1, fixture.state.revision()));
            Orders.ordersFor(Fixture.N1, fixture.state, held);
        }
    }
}
