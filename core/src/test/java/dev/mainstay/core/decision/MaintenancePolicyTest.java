package dev.mainstay.core.decision;

import static dev.mainstay.core.Fixture.AT_ONCE;
import static dev.mainstay.core.Fixture.N1;
import static dev.mainstay.core.Fixture.N2;
import static dev.mainstay.core.Fixture.SHOP;
import static dev.mainstay.core.Fixture.id;
import static dev.mainstay.core.Fixture.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.Fixture;
import dev.mainstay.core.event.Event;
import dev.mainstay.core.order.Held;
import dev.mainstay.core.order.Order;
import dev.mainstay.core.order.Orders;
import dev.mainstay.core.state.Reason.Rule;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.core.state.ResourceStatus;
import dev.mainstay.core.state.RestartPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MaintenancePolicyTest {
    private final Fixture cluster =
            Fixture.running(AT_ONCE, List.of(N1, N2), resource("data"), resource("web", "data"));

    MaintenancePolicyTest() {
        cluster.report("data", ResourceState.ONLINE);
        cluster.report("web", ResourceState.ONLINE);
    }

    @Test
    void notesAFailureAndDecidesUponItWhenTheWorkEnds() {
        cluster.maintain("web", true);

        assertThat(cluster.report("web", ResourceState.FAILED))
                .singleElement()
                .isInstanceOf(Event.ResourceFailed.class);
        cluster.pass(Duration.ofDays(1));
        assertThat(cluster.decide(new Command.PassDeadline())).isEmpty();
        assertThat(orders("web", ResourceState.FAILED, 1)).isEmpty();

        assertThat(cluster.maintain("web", false))
                .extracting(event -> event.reason().rule())
                .containsExactly(Rule.MAINTENANCE, Rule.RESTART);
    }

    @Test
    void saysWhoWorksOnItSinceWhenAndWhy() {
        var began = cluster.maintain("web", true);

        assertThat(began)
                .singleElement()
                .satisfies(event ->
                        assertThat(event.reason().text()).isEqualTo("user anna put web in maintenance: new disk"));
        assertThat(status("web").maintenance())
                .hasToString("in maintenance since 2026-12-01 10:00:00 UTC by user anna: new disk");
        assertThat(cluster.maintain("web", true)).as("asked again").isEmpty();
    }

    @Test
    void stopsTheClockOfARestart() {
        var slow = Fixture.running(
                new RestartPolicy(
                        RestartPolicy.Action.RESTART, 3, Duration.ofMinutes(15), Duration.ofSeconds(5), Duration.ZERO),
                List.of(N1),
                resource("web"));
        slow.report("web", ResourceState.FAILED);
        slow.maintain("web", true);
        slow.pass(Duration.ofMinutes(1));

        assertThat(Deadlines.next(slow.state)).isEmpty();
        assertThat(slow.decide(new Command.PassDeadline())).isEmpty();
        slow.maintain("web", false);
        assertThat(slow.decide(new Command.PassDeadline())).hasSize(1);
    }

    @Test
    void startsWhatACommandPermitsOnce() {
        cluster.maintain("web", true);
        cluster.decide(new Command.OfflineResource(id("web"), false));
        cluster.report("web", ResourceState.OFFLINE);
        cluster.decide(new Command.OnlineResource(id("web"), false));
        var attempt = status("web").attempt();

        assertThat(orders("web", ResourceState.OFFLINE, attempt - 1))
                .containsExactly(new Order.BringOnline(id("web"), 1, attempt, "PERSISTENT_STATE"));
        cluster.report("web", ResourceState.ONLINE_PENDING);
        assertThat(orders("web", ResourceState.OFFLINE, attempt)).isEmpty();
    }

    @Test
    void keepsAGroupWhereItIsWhenAnotherResourceMayNotBeRestartedThere() {
        cluster.maintain("web", true);
        for (int i = 0; i < 3; i++) {
            cluster.report("data", ResourceState.FAILED);
        }

        cluster.report("data", ResourceState.FAILED);

        assertThat(cluster.state.group(SHOP).orElseThrow().status().owner()).isEqualTo(N1);
        assertThat(status("data").recovery().toString())
                .contains("group shop is not moved while web is in maintenance");
    }

    @Test
    void leavesADependentAloneWhoseProviderFailed() {
        cluster.maintain("web", true);
        var held = new TreeMap<>(Map.of(
                id("data"), new Held(ResourceState.FAILED, 1, 1, cluster.state.revision()),
                id("web"), new Held(ResourceState.ONLINE, 1, 1, cluster.state.revision())));

        assertThat(Orders.ordersFor(N1, cluster.state, held)).isEmpty();
    }

    @Test
    void tellsTheMonitorThatHostsTheResource() {
        var before = cluster.state.revision();
        cluster.maintain("web", true);
        var held = new TreeMap<>(Map.of(
                id("data"), new Held(ResourceState.ONLINE, 1, 1, before),
                id("web"), new Held(ResourceState.ONLINE, 1, 1, before)));

        assertThat(Orders.ordersFor(N1, cluster.state, held))
                .singleElement()
                .isEqualTo(new Order.Update(
                        id("web"), cluster.state.resource(id("web")).orElseThrow()));
    }

    private ResourceStatus status(String name) {
        return cluster.state.resource(id(name)).orElseThrow().status();
    }

    private List<Order> orders(String name, ResourceState state, long attempt) {
        var held = new TreeMap<ResourceId, Held>();
        held.put(id("data"), new Held(ResourceState.ONLINE, 1, 1, cluster.state.revision()));
        held.put(id(name), new Held(state, 1, attempt, cluster.state.revision()));
        return Orders.ordersFor(N1, cluster.state, held);
    }
}
