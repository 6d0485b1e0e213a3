package dev.mainstay.core.order;

import static dev.mainstay.core.Fixture.AT_ONCE;
import static dev.mainstay.core.Fixture.N1;
import static dev.mainstay.core.Fixture.N2;
import static dev.mainstay.core.Fixture.SHOP;
import static dev.mainstay.core.Fixture.id;
import static dev.mainstay.core.Fixture.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.Fixture;
import dev.mainstay.core.decision.Command;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceState;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OrdersTest {
    private static final long EPOCH = 1;
    private final Fixture cluster =
            Fixture.running(AT_ONCE, List.of(N1, N2), resource("data"), resource("web", "data"));
    private final SortedMap<ResourceId, Held> held = new TreeMap<>();

    @Test
    void opensWhatIsNotHeld() {
        assertThat(orders())
                .extracting(Order::getClass)
                .containsOnly(Order.Open.class)
                .hasSize(2);
    }

    @Test
    void startsProvidersBeforeDependents() {
        holds("data", ResourceState.OFFLINE);
        holds("web", ResourceState.OFFLINE);
        assertThat(orders()).containsExactly(new Order.BringOnline(id("data"), EPOCH, 1, "PERSISTENT_STATE"));

        holds("data", ResourceState.ONLINE);

        assertThat(orders()).containsExactly(new Order.BringOnline(id("web"), EPOCH, 1, "PERSISTENT_STATE"));
    }

    @Test
    void stopsDependentsBeforeProviders() {
        holds("data", ResourceState.ONLINE);
        holds("web", ResourceState.ONLINE);
        cluster.decide(new Command.OfflineGroup(SHOP, false));
        assertThat(orders()).containsExactly(new Order.TakeOffline(id("web"), EPOCH, "REQUESTED"));

        holds("web", ResourceState.OFFLINE_PENDING);
        assertThat(orders()).isEmpty();
        holds("web", ResourceState.OFFLINE);

        assertThat(orders()).containsExactly(new Order.TakeOffline(id("data"), EPOCH, "REQUESTED"));
    }

    @Test
    void leavesAloneWhatIsInMaintenanceAndWhatItNeedsWhenItsNodeStops() {
        var alone = Fixture.running(
                AT_ONCE, List.of(N1, N2), resource("disk"), resource("db", "disk"), resource("web", "db"));
        alone.maintain("db", true);
        alone.decide(new Command.StopNode(N1));
        var running = new TreeMap<ResourceId, Held>();
        for (var name : List.of("disk", "db", "web")) {
            running.put(id(name), new Held(ResourceState.ONLINE, EPOCH, 1, alone.state.revision()));
        }

        assertThat(Orders.ordersFor(N1, alone.state, running))
                .containsExactly(new Order.TakeOffline(id("web"), EPOCH, "SHUTDOWN"));
        assertThat(Orders.keptAtStop(N1, alone.state)).containsExactly(id("db"), id("disk"));
        assertThat(Orders.keptAtStop(N2, alone.state)).isEmpty();
    }

    @Test
    void keepsNothingWhenTheClusterStopsOrAnOperatorTookItOffline() {
        cluster.maintain("data", true);
        assertThat(Orders.keptAtStop(N1, cluster.state)).isEmpty();
        cluster.decide(new Command.StopNode(N1));
        assertThat(Orders.keptAtStop(N1, cluster.state)).containsExactly(id("data"));

        cluster.decide(new Command.OfflineResource(id("data"), false));

        assertThat(Orders.keptAtStop(N1, cluster.state)).isEmpty();
        cluster.decide(new Command.OnlineResource(id("data"), false));
        cluster.decide(new Command.StopCluster());
        assertThat(Orders.keptAtStop(N1, cluster.state)).isEmpty();
    }

    @Test
    void takesDependentsOfflineBeforeAFailedProviderStartsAgain() {
        holds("data", ResourceState.FAILED);
        holds("web", ResourceState.ONLINE);
        cluster.report("data", ResourceState.FAILED);
        assertThat(orders()).containsExactly(new Order.TakeOffline(id("web"), EPOCH, "PROVIDER"));

        holds("web", ResourceState.OFFLINE);

        assertThat(orders()).containsExactly(new Order.BringOnline(id("data"), EPOCH, 2, "RESTART"));
    }

    @Test
    void stopsNothingForAProviderThatANewMonitorHasNotToldOfYet() {
        holds("web", ResourceState.ONLINE);
        assertThat(orders()).singleElement().isInstanceOf(Order.Open.class);

        holds("data", ResourceState.INITIALIZING);
        assertThat(orders()).isEmpty();
        holds("data", ResourceState.FAILED);

        assertThat(orders()).containsExactly(new Order.TakeOffline(id("web"), EPOCH, "PROVIDER"));
    }

    /// The dependent may well run: a new monitor has not told yet.
    @Test
    void stopsNoProviderBeforeItsDependentIsKnownToRest() {
        holds("data", ResourceState.ONLINE);
        holds("web", ResourceState.INITIALIZING);
        cluster.decide(new Command.OfflineGroup(SHOP, false));
        assertThat(orders()).isEmpty();

        holds("web", ResourceState.OFFLINE);

        assertThat(orders()).containsExactly(new Order.TakeOffline(id("data"), EPOCH, "REQUESTED"));
    }

    @Test
    void startsNothingThatFailedInTheAttemptPermitted() {
        holds("data", ResourceState.FAILED);
        holds("web", ResourceState.OFFLINE);

        assertThat(orders()).isEmpty();
    }

    @Test
    void keepsADependentOnlineWhileAnAlternativeIs() {
        var either = Fixture.running(AT_ONCE, List.of(N1), resource("a"), resource("b"), resource("c", "a|b"));
        holds("a", ResourceState.FAILED);
        holds("b", ResourceState.ONLINE);
        holds("c", ResourceState.ONLINE);
        either.report("a", ResourceState.FAILED);

        assertThat(Orders.ordersFor(N1, either.state, held))
                .containsExactly(new Order.BringOnline(id("a"), EPOCH, 2, "RESTART"));
    }

    @Test
    void confirmsRestInTheEpochOfAMove() {
        holds("data", ResourceState.OFFLINE);
        holds("web", ResourceState.OFFLINE);
        cluster.decide(new Command.MoveGroup(SHOP, N2, false));

        assertThat(orders())
                .containsExactly(
                        new Order.TakeOffline(id("data"), EPOCH + 1, "MOVE"),
                        new Order.TakeOffline(id("web"), EPOCH + 1, "MOVE"));
        assertThat(Orders.ordersFor(N2, cluster.state, new TreeMap<>())).isEmpty();
    }

    @Test
    void takesOfflineAndClosesWhatIsNotConfigured() {
        held.put(id("old"), new Held(ResourceState.ONLINE, EPOCH, 1, 1));
        assertThat(Orders.ordersFor(N2, cluster.state, held))
                .containsExactly(new Order.TakeOffline(id("old"), EPOCH, "DELETED"));

        held.put(id("old"), new Held(ResourceState.OFFLINE, EPOCH, 1, 1));

        assertThat(Orders.ordersFor(N2, cluster.state, held)).containsExactly(new Order.Close(id("old"), "DELETED"));
    }

    /// Such as a node that was away while its group went to another one.
    @Test
    void stopsDependentsBeforeProvidersAlsoOfWhatAnotherNodeOwns() {
        holds("data", ResourceState.ONLINE);
        holds("web", ResourceState.ONLINE);
        assertThat(Orders.ordersFor(N2, cluster.state, held))
                .containsExactly(new Order.TakeOffline(id("web"), EPOCH, "MOVE"));

        holds("web", ResourceState.OFFLINE_PENDING);
        assertThat(Orders.ordersFor(N2, cluster.state, held)).isEmpty();
        holds("web", ResourceState.OFFLINE);

        assertThat(Orders.ordersFor(N2, cluster.state, held))
                .contains(new Order.TakeOffline(id("data"), EPOCH, "MOVE"));
    }

    private void holds(String name, ResourceState state) {
        held.put(id(name), new Held(state, EPOCH, 1, cluster.state.revision()));
    }

    private List<Order> orders() {
        return Orders.ordersFor(N1, cluster.state, held);
    }
}
