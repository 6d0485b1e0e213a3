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
import dev.mainstay.core.state.Conditions;
import dev.mainstay.core.state.GroupStatus.Transfer;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.core.state.RestartPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Laws that hold whatever order messages arrive in, whatever dies, whatever operators ask for.
class ClusterLawsTest {
    private static final int STEPS = 600;
    private static final List<NodeId> NODES = List.of(N1, N2, N3);
    private static final List<ResourceId> RESOURCES = List.of(id("data"), id("ip4"), id("ip6"), id("web"));

    private static final List<Conditions> SIGNALS = List.of(
            new Conditions("it is being copied", "", "", ""),
            new Conditions("", "its database is corrupt", "", ""),
            new Conditions("", "", "eth1 is down", ""),
            Conditions.NONE);

    static List<Long> seeds() {
        return new SplittableRandom(2026).longs(500).boxed().toList();
    }

    /// The world itself fails a start on a second node; here it has to come to rest afterwards.
    @ParameterizedTest
    @MethodSource("seeds")
    void neverRunsTwiceAndComesToRestAsWanted(long seed) {
        var world = torture(seed, true);
        var wantedOnline = new SplittableRandom(seed).nextBoolean();
        world.command(maintain(false, RESOURCES));
        var last = wantedOnline ? new Command.OnlineGroup(SHOP, true) : new Command.OfflineGroup(SHOP, true);
        world.command(last);

        assertThat(settle(world))
                .as("seed %d comes to rest%n%s", seed, tail(world))
                .isTrue();
        // What nobody had noticed when it was commanded may have failed after it, for good without restarts.
        world.command(last);
        assertThat(settle(world))
                .as("seed %d comes to rest%n%s", seed, tail(world))
                .isTrue();
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

    /// A resource that was given up is never brought online without an order: what an operator commands, the start
    /// of a node and a move permit the next attempt, and nothing else does. The world fails every other start.
    ///
    /// Monitors die at any time, also with the knowledge of a failure that nobody has decided upon yet.
    @ParameterizedTest
    @MethodSource("seeds")
    void neverBringsOnlineWithoutAnOrderWhatWasGivenUp(long seed) {
        var random = new SplittableRandom(seed);
        var policy = new RestartPolicy(
                RestartPolicy.Action.NONE, 0, Duration.ofMinutes(15), Duration.ZERO, Duration.ofHours(1));
        var cluster = Fixture.running(policy, List.of(N1), resource("data"), resource("web", "data"));
        var world = new World(cluster, random);
        var site = world.sites.firstEntry().getValue();
        long orders = 1;
        for (int i = 0; i < STEPS; i++) {
            switch (random.nextInt(30)) {
                case 0 -> world.fail(site);
                case 1 -> world.killMonitor(site);
                case 2 -> {
                    if (random.nextInt(10) == 0) {
                        world.command(new Command.OnlineGroup(SHOP, false));
                        orders++;
                    }
                }
                default -> world.step(site, random.nextInt(5) > 0);
            }
        }

        long starts = world.journal.stream()
                .filter(line -> line.contains("starts data in"))
                .count();

        assertThat(starts).as("seed %d%n%s", seed, tail(world)).isLessThanOrEqualTo(orders);
    }

    /// Once everything has arrived, nothing is online without what it needs.
    @ParameterizedTest
    @MethodSource("seeds")
    void keepsNoDependentOnlineWithoutItsProvider(long seed) {
        var world = torture(seed, false);
        world.command(maintain(false, RESOURCES));

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

    /// Whatever dies and whatever is signalled: what somebody works on is neither started, stopped nor moved.
    @ParameterizedTest
    @MethodSource("seeds")
    void neitherRestartsNorMovesWhatIsInMaintenance(long seed) {
        var random = new SplittableRandom(seed);
        var world = torture(seed, true);
        world.command(maintain(false, RESOURCES));
        world.command(new Command.OnlineGroup(SHOP, true));
        settle(world);
        var owner = world.cluster.state.group(SHOP).orElseThrow().status().owner();
        var kept = RESOURCES.stream().filter(_ -> random.nextBoolean()).toList();
        if (kept.isEmpty()) {
            return;
        }
        world.command(maintain(true, kept));
        settle(world);
        var from = world.journal.size();

        for (int i = 0; i < STEPS; i++) {
            chaos(world, random);
        }
        settle(world);

        var touched = world.journal.subList(from, world.journal.size()).stream()
                .filter(line -> kept.stream()
                        .anyMatch(id -> line.contains(": %s is ONLINE_PENDING".formatted(id))
                                || line.contains(": %s is OFFLINE_PENDING".formatted(id))))
                .toList();
        assertThat(touched).as("seed %d%n%s", seed, tail(world)).isEmpty();
        assertThat(world.cluster.state.group(SHOP).orElseThrow().status().owner())
                .as("seed %d", seed)
                .isEqualTo(owner);
    }

    /// Delivers everything, deadlines included; whether it came to rest.
    private static boolean settle(World world) {
        boolean settled = world.settle();
        for (int i = 0; i < 20 && Deadlines.next(world.cluster.state).isPresent(); i++) {
            world.cluster.now = Deadlines.next(world.cluster.state).orElseThrow();
            world.command(new Command.PassDeadline());
            settled = world.settle();
        }
        return settled;
    }

    private static Command maintain(boolean on, List<ResourceId> resources) {
        return new Command.Maintain(resources, on, "", "user test", Instant.EPOCH);
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
        for (int i = 0; i < STEPS; i++) {
            if (random.nextInt(40) == 0) {
                world.command(operator(random));
            } else {
                chaos(world, random);
            }
        }
        return world;
    }

    /// Whatever happens without an operator.
    private static void chaos(World world, SplittableRandom random) {
        var sites = List.copyOf(world.sites.values());
        var site = sites.get(random.nextInt(sites.size()));
        switch (random.nextInt(40)) {
            case 0 -> world.fail(site);
            case 1 -> world.killMonitor(site);
            case 2 -> world.killService(site);
            case 3 -> world.signal(site, SIGNALS.get(random.nextInt(SIGNALS.size())));
            case 4 -> {
                world.cluster.pass(Duration.ofMillis(random.nextInt(2_000)));
                world.command(new Command.PassDeadline());
            }
            default -> world.step(site, random.nextInt(10) > 0);
        }
    }

    private static Command operator(SplittableRandom random) {
        var resource = RESOURCES.get(random.nextInt(RESOURCES.size()));
        return switch (random.nextInt(12)) {
            case 0 -> new Command.OnlineGroup(SHOP, false);
            case 1 -> new Command.OfflineGroup(SHOP, false);
            case 2 -> new Command.OnlineResource(resource, false);
            case 3 -> new Command.OfflineResource(resource, false);
            case 4 -> new Command.RestartResource(resource, random.nextBoolean());
            case 5 -> new Command.RestartGroup(SHOP, random.nextBoolean());
            case 6, 7 -> maintain(random.nextBoolean(), List.of(resource));
            case 8 -> new Command.ResetResource(resource);
            case 9 -> new Command.ResetGroup(SHOP);
            default -> new Command.MoveGroup(SHOP, NODES.get(random.nextInt(NODES.size())), random.nextBoolean());
        };
    }

    private static String tail(World world) {
        var lines = world.journal;
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    }
}
