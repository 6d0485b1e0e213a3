package dev.mainstay.service.node;

import static dev.mainstay.service.node.Samples.N1;
import static dev.mainstay.service.node.Samples.N2;
import static dev.mainstay.service.node.Samples.WEB;
import static dev.mainstay.service.node.Samples.cluster;
import static dev.mainstay.service.node.Samples.web;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.order.Order;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.MonitorChoice;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.core.state.TypeName;
import dev.mainstay.core.state.TypeSettings;
import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.service.journal.LocalFact;
import dev.mainstay.service.monitors.MonitorSetup;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class HostingTest {
    private static final Instant NOW = Instant.parse("2026-12-01T10:00:00Z");
    private static final Duration SPAN = Duration.ofMinutes(10);
    private static final List<Order> NONE = List.of();

    private final List<String> asked = new ArrayList<>();
    private final List<LocalFact> facts = new ArrayList<>();
    private final HeldResources held = new HeldResources();
    private final Incidents incidents = new Incidents(N1, facts::add, InstantSource.fixed(NOW));
    private final Hosting hosting = new Hosting(N1, held, incidents, new NotedDesks());

    private final class NotedDesks implements Desks {
        @Override
        public void send(String monitor, ToMonitor message) {
            throw new AssertionError("hosting sends nothing");
        }

        @Override
        public void tell(String monitor, Notices.Notice notice, Consumer<Boolean> heard) {
            throw new AssertionError("hosting tells nothing");
        }

        @Override
        public void need(String monitor, MonitorSetup setup) {
            asked.add("need %s %d".formatted(monitor, setup.heapBytes() >> 20));
        }

        @Override
        public void release(String monitor) {
            asked.add("release " + monitor);
        }
    }

    private List<Order> route(List<Order> orders, ClusterState state, Set<String> attached, Instant now) {
        return hosting.route(orders, state, attached, Set.of(), now);
    }

    private static Order open(ClusterState state) {
        return new Order.Open(WEB, state.resource(WEB).orElseThrow());
    }

    /// That state with monitors of their own for resources of the type.
    private static ClusterState apart(ClusterState state) {
        return state.with(
                new TypeSettings(new TypeName("process"), MonitorChoice.SEPARATE, 64 << 20, 0, Duration.ZERO));
    }

    @Test
    void asksForTheMonitorAndOpensThereOnceItIsConnected() {
        var state = apart(cluster(N1, ResourceState.OFFLINE, 0));

        assertThat(route(List.of(open(state)), state, Set.of("default"), NOW)).isEmpty();

        assertThat(asked).containsExactly("need resource-web 64");
        assertThat(route(List.of(open(state)), state, Set.of("default", "resource-web"), NOW))
                .containsExactly(open(state));
        assertThat(hosting.destination(WEB, state)).isEqualTo("resource-web");
    }

    @Test
    void opensNothingWhileAMonitorMayHoldIt() {
        var state = cluster(N1, ResourceState.OFFLINE, 0);

        assertThat(hosting.route(List.of(open(state)), state, Set.of("default"), Set.of("type-process"), NOW))
                .isEmpty();
        assertThat(route(List.of(open(state)), state, Set.of("default"), NOW)).hasSize(1);
    }

    @Test
    void needsNoMonitorForWhatAnotherNodeOwns() {
        var state = cluster(N2, ResourceState.OFFLINE, 0);

        assertThat(route(NONE, state, Set.of(), NOW)).isEmpty();

        assertThat(asked).isEmpty();
        assertThat(hosting.mine(state)).isEmpty();
        assertThat(hosting.reported(WEB, cluster(N2, ResourceState.OFFLINE, 7))).isZero();
        assertThat(hosting.reported(WEB, cluster(N1, ResourceState.OFFLINE, 7))).isEqualTo(7);
    }

    @Test
    void passesOrdersToTheMonitorThatHoldsItWhileThatIsConnected() {
        var state = cluster(N1, ResourceState.OFFLINE, 1);
        var online = new Order.BringOnline(WEB, 1, 1, "PERSISTENT_STATE");
        held.attached("default", List.of(web(HeldState.OFFLINE, 1, 0)), NOW);

        assertThat(route(List.of(online), state, Set.of(), NOW)).isEmpty();
        assertThat(route(List.of(online), state, Set.of("default"), NOW)).containsExactly(online);
    }

    @Test
    void takesAResourceToAnotherMonitorWhenItIsAtRestAndNoSooner() {
        var online = apart(cluster(N1, ResourceState.ONLINE, 2));
        held.attached("default", List.of(web(HeldState.ONLINE, 2, 1)), NOW);

        assertThat(route(NONE, online, Set.of("default"), NOW)).isEmpty();
        assertThat(hosting.view(online).notes().get(WEB))
                .isEqualTo("goes to monitor 'resource-web' when it has been offline");
        assertThat(hosting.view(online).hostedBy("default")).containsExactly("web");

        var offline = apart(cluster(N1, ResourceState.OFFLINE, 3));
        held.report("default", web(HeldState.OFFLINE, 3, 1), NOW);
        var start = new Order.BringOnline(WEB, 1, 1, "REQUESTED");
        assertThat(route(List.of(start), offline, Set.of("default"), NOW))
                .as("closed there, and not started there any more")
                .containsExactly(new Order.Close(WEB, "RESTART"));
        assertThat(asked).contains("need resource-web 64");
    }

    @Test
    void bringsAResourceBackWhenItsIsolationIsOver() {
        var state = cluster(N1, ResourceState.OFFLINE, 3);
        incidents.isolation().of(WEB, SPAN, NOW, "isAlive hung");
        held.attached("resource-web", List.of(web(HeldState.OFFLINE, 3, 1)), NOW);

        assertThat(route(NONE, state, Set.of("resource-web"), NOW)).isEmpty();
        assertThat(hosting.view(state).notes().get(WEB))
                .isEqualTo("isolated until 2026-12-01 10:10:00 UTC: isAlive hung");

        assertThat(route(NONE, state, Set.of("resource-web"), NOW.plus(SPAN)))
                .containsExactly(new Order.Close(WEB, "RESTART"));
        assertThat(hosting.destination(WEB, state)).isEqualTo("default");
    }

    @Test
    void startsTheMonitorOfACulpritWhenTheOthersAreAdopted() {
        var state = cluster(N1, ResourceState.ONLINE, 2);
        var web = web(HeldState.ONLINE, 2, 1);
        var other = new HeldResource("other", HeldState.ONLINE, 2, 1, 1, 1, "", "", 0, 0);
        held.attached("default", List.of(web, other), NOW);
        held.gone("default");
        incidents.isolation().of(WEB, SPAN, NOW, "isAlive hung");

        route(NONE, state, Set.of("default"), NOW);
        assertThat(asked).isEmpty();

        held.report("default", other, NOW);
        route(NONE, state, Set.of("default"), NOW);
        assertThat(asked).containsOnlyOnce("need resource-web 128");
    }

    @Test
    void saysWhetherADebuggerCanBeAttachedAtOnce() {
        var online = cluster(N1, ResourceState.ONLINE, 2);
        held.attached("default", List.of(web(HeldState.ONLINE, 2, 1)), NOW);

        assertThat(hosting.debug(WEB, true, "user anna", online)).isEqualTo(new Hosting.Debugging("debug-web", false));
        assertThat(hosting.debug(WEB, true, "user anna", online).atOnce()).isFalse();

        assertThat(facts).as("told once").singleElement().satisfies(fact -> {
            assertThat(fact.event()).isEqualTo("ResourceDebugged");
            assertThat(fact.actor()).isEqualTo("user anna");
            assertThat(fact.group()).isEqualTo("site");
        });
        assertThat(hosting.view(online).debugged()).containsExactly(WEB);
        assertThat(hosting.view(online).notes().get(WEB))
                .isEqualTo(
                        "debugged: deadlock timeout and pending timeout do not hold; goes to monitor 'debug-web' when"
                                + " it has been offline");
        assertThat(hosting.debug(WEB, false, "user anna", online)).isEqualTo(new Hosting.Debugging("default", true));
        assertThat(hosting.view(online).notes()).isEmpty();
    }

    @Test
    void forgetsThatAResourceIsDebuggedThatIsGone() {
        var state = cluster(N1, ResourceState.OFFLINE, 1);
        hosting.debug(WEB, true, "user anna", state);

        route(NONE, state.without(WEB), Set.of(), NOW);

        assertThat(hosting.view(state).debugged()).isEmpty();
    }
}
