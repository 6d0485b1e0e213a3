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
import dev.mainstay.core.state.Conditions;
import dev.mainstay.core.state.ResourceState;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TargetPolicyTest {
    private static final Conditions LOCKED = new Conditions("it is being copied", "", "", "");
    private final Fixture cluster =
            Fixture.running(AT_ONCE, List.of(N1, N2), resource("data"), resource("web", "data"), resource("other"));

    TargetPolicyTest() {
        cluster.report("data", ResourceState.ONLINE);
        cluster.report("web", ResourceState.ONLINE);
        cluster.report("other", ResourceState.ONLINE);
    }

    @Test
    void refusesEveryCommandOnAGroupWithALockedResource() {
        cluster.signal("web", LOCKED);

        for (var command : List.of(
                new Command.OnlineGroup(SHOP, false),
                new Command.OfflineGroup(SHOP, false),
                new Command.RestartGroup(SHOP, false),
                new Command.MoveGroup(SHOP, N2, false))) {
            assertThat(cluster.refused(command).code()).as("%s", command).isEqualTo(Refusal.Code.LOCKED);
        }
        assertThat(cluster.refused(new Command.OfflineGroup(SHOP, false)).message())
                .isEqualTo("taking group 'shop' offline: resource 'web' is locked (it is being copied)");
        assertThat(cluster.decide(new Command.OfflineGroup(SHOP, true))).isNotEmpty();
    }

    @Test
    void locksAlongTheDependencyTree() {
        cluster.signal("web", LOCKED);
        assertThat(cluster.refused(new Command.OfflineResource(id("data"), false))
                        .code())
                .as("a dependent is locked")
                .isEqualTo(Refusal.Code.LOCKED);
        cluster.decide(new Command.OnlineResource(id("data"), false));
        cluster.decide(new Command.OfflineResource(id("other"), false));

        cluster.signal("web", Conditions.NONE);
        cluster.signal("data", LOCKED);

        assertThat(cluster.refused(new Command.OnlineResource(id("web"), false)).code())
                .as("a provider is locked")
                .isEqualTo(Refusal.Code.LOCKED);
        cluster.decide(new Command.OfflineResource(id("web"), false));
    }

    @Test
    void recoversFromAFailureThoughAResourceIsLocked() {
        cluster.signal("web", LOCKED);

        assertThat(cluster.report("web", ResourceState.FAILED)).last().isInstanceOf(Event.AttemptPermitted.class);
    }

    @Test
    void restartsAResourceWithWhatNeedsItAndNothingElse() {
        cluster.decide(new Command.RestartResource(id("data"), false));
        assertThat(orders(ResourceState.ONLINE, ResourceState.ONLINE))
                .containsExactly(new Order.TakeOffline(id("web"), 1, "PROVIDER"));
        assertThat(orders(ResourceState.ONLINE, ResourceState.OFFLINE))
                .containsExactly(new Order.TakeOffline(id("data"), 1, "RESTART"));

        cluster.report("web", ResourceState.OFFLINE);
        assertThat(cluster.report("data", ResourceState.OFFLINE)).last().isInstanceOf(Event.AttemptPermitted.class);

        assertThat(orders(ResourceState.OFFLINE, ResourceState.OFFLINE))
                .containsExactly(new Order.BringOnline(id("data"), 1, 2, "PERSISTENT_STATE"));
        assertThat(cluster.state.group(SHOP).orElseThrow().status().wantedOnline())
                .isTrue();
    }

    @Test
    void refusesToRestartWhatDoesNotRun() {
        cluster.report("other", ResourceState.FAILED);

        assertThat(cluster.refused(new Command.RestartResource(id("other"), false))
                        .code())
                .isEqualTo(Refusal.Code.NOT_ONLINE);
    }

    private List<Order> orders(ResourceState data, ResourceState web) {
        var revision = cluster.state.revision();
        return Orders.ordersFor(
                N1,
                cluster.state,
                new TreeMap<>(Map.of(
                        id("data"), new Held(data, 1, 1, revision),
                        id("other"), new Held(ResourceState.ONLINE, 1, 1, revision),
                        id("web"), new Held(web, 1, 1, revision))));
    }
}
