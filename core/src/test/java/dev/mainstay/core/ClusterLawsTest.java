package dev.mainstay.core;

import static dev.mainstay.core.Fixture.N1;
import static dev.mainstay.core.Fixture.N2;
import static dev.mainstay.core.Fixture.N3;
import static dev.mainstay.core.Fixture.SHOP;
import static dev.mainstay.core.Fixture.id;
import static dev.mainstay.core.Fixture.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.decision.Command;
import dev.mainstay.core.decision.Deadlines;
import dev.mainstay.core.state.GroupStatus.Transfer;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.core.state.RestartPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Laws that hold whatever order messages arrive in, whatever dies, whatever operators ask for.
class ClusterLawsTest {
    private static final int STEPS = 600;
    private static final List<NodeId> NODES = List.of(N1, N2, N3);
    private static final List<ResourceId> RESOURCES = List.of(id("data"), id("ip4"), id("ip6"), id("web"));

    static List<Long> seeds() {
        return new SplittableRandom(2026).longs(500).boxed().toList();
    }

    /// The world itself fails a start on a second node; here it has to come to rest afterwards.
    @ParameterizedTest
    @MethodSource("seeds")
    void neverRunsTwiceAndComesToRestAsWanted(long seed) {
        var world = torture(seed, true);
        var wantedOnline = new SplittableRandom(seed).nextBoolean();
        world.command(wantedOnline ? new Command.OnlineGroup(SHOP) : new Command.OfflineGroup(SHOP));

        boolean settled = world.settle();
        for (int i = 0; i < 20 && Deadlines.next(world.cluster.state).isPresent(); i++) {
            world.cluster.now = Deadlines.next(world.cluster.state).orElseThrow();
            world.command(new Command.PassDeadline());
            settled = world.settle();
        }

        assertThat(settled).as("seed %d comes to rest%n%s", seed, tail(world)).isTrue();
        var status = world.cluster.state.group(SHOP).orElseThrow().status();
        assertThat(status.transfer()).as("seed %d%n%s", seed, tail(world)).isEqualTo(new Transfer.None());
        for (var site : world.sites.values()) {
            for (var id : RESOURCES) {
                var expected = wantedOnline && site.id.equals(status.owner());
                assertThat(world.real(site, id).state() == ResourceState.ONLINE)
                        .as("seed %d: %s online on %s (owner %s)%n%s", seed, id, site.id, status.owner(), tail(world))
                        .isEqualTo(expected);
                assertThat(world.real(site, id).state().atRest() || expected)
                        .as("seed %d: %s at rest on %s", seed, id, site.id)
                        .isTrue();
            }
        }
    }

    /// Once everything has arrived, nothing is online without what it needs.
    @ParameterizedTest
    @MethodSource("seeds")
    void keepsNoDependentOnlineWithoutItsProvider(long seed) {
        var world = torture(seed, false);

        world.settle();

        for (var site : world.sites.values()) {
            for (var resource : world.cluster.state.resources().values()) {
                if (world.real(site, resource.settings().id()).state() == ResourceState.ONLINE) {
                    assertThat(resource.settings()
                                    .dependency()
                                    .satisfiedBy(id -> world.real(site, id).state() == ResourceState.ONLINE))
                            .as(
                                    "seed %d: %s on %s%n%s",
                                    seed, resource.settings().id(), site.id, tail(world))
                            .isTrue();
                }
            }
        }
    }

    /// On one node, without an operator's help, a resource is never started more often than the threshold allows,
    /// not even when its monitors die again and again.
    @ParameterizedTest
    @MethodSource("seeds")
    void neverRestartsBeyondTheThreshold(long seed) {
        var random = new SplittableRandom(seed);
        var policy = new RestartPolicy(
                RestartPolicy.Action.RESTART_THEN_FAILOVER,
                random.nextInt(5),
                Duration.ofMinutes(15),
                random.nextBoolean() ? Duration.ZERO : Duration.ofMillis(500),
                Duration.ZERO);
        var cluster = Fixture.running(policy, List.of(N1), resource("web"));
        var world = new World(cluster, random);
        var site = world.sites.firstEntry().getValue();
        for (int i = 0; i < STEPS; i++) {
            world.step(site, random.nextInt(3) > 0);
            if (random.nextInt(20) == 0) {
                world.fail(site);
            }
            if (random.nextInt(40) == 0) {
                world.killMonitor(site);
            }
            cluster.pass(Duration.ofMillis(random.nextInt(1_000)));
            world.command(new Command.PassDeadline());
        }

        long starts = world.journal.stream()
                .filter(line -> line.contains("web is ONLINE_PENDING"))
                .count();

        assertThat(starts).as("seed %d, threshold %d", seed, policy.threshold()).isBetween(1L, policy.threshold() + 1L);
    }

    private static World torture(long seed, boolean withMoves) {
        var random = new SplittableRandom(seed);
        var policy = new RestartPolicy(
                List.of(RestartPolicy.Action.values()).get(random.nextInt(3)),
                random.nextInt(4),
                Duration.ofMinutes(15),
                random.nextBoolean() ? Duration.ZERO : Duration.ofMillis(500),
                Duration.ofHours(1));
        var cluster = Fixture.running(
                policy,
                withMoves ? NODES : List.of(N1),
                resource("data"),
                resource("ip4"),
                resource("ip6"),
                resource("web", "data", "ip4|ip6"));
        var world = new World(cluster, random);
        var sites = new ArrayList<>(world.sites.values());
        for (int i = 0; i < STEPS; i++) {
            var site = sites.get(random.nextInt(sites.size()));
            switch (random.nextInt(40)) {
                case 0 -> world.fail(site);
                case 1 -> world.killMonitor(site);
                case 2 -> world.killService(site);
                case 3 -> world.command(operator(random));
                case 4 -> {
                    cluster.pass(Duration.ofMillis(random.nextInt(2_000)));
                    world.command(new Command.PassDeadline());
                }
                default -> world.step(site, random.nextInt(10) > 0);
            }
        }
        return world;
    }

    private static Command operator(SplittableRandom random) {
        var resource = RESOURCES.get(random.nextInt(RESOURCES.size()));
        return switch (random.nextInt(6)) {
            case 0 -> new Command.OnlineGroup(SHOP);
            case 1 -> new Command.OfflineGroup(SHOP);
            case 2 -> new Command.OnlineResource(resource);
            case 3 -> new Command.OfflineResource(resource);
            default -> new Command.MoveGroup(SHOP, NODES.get(random.nextInt(NODES.size())));
        };
    }

    private static String tail(World world) {
        var lines = world.journal;
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    }
}
