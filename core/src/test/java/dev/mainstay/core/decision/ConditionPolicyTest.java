package dev.mainstay.core.decision;

import static dev.mainstay.core.Fixture.AT_ONCE;
import static dev.mainstay.core.Fixture.N1;
import static dev.mainstay.core.Fixture.N2;
import static dev.mainstay.core.Fixture.N3;
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
import dev.mainstay.core.state.EmbeddedFailureAction;
import dev.mainstay.core.state.GroupStatus.Transfer;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Reason.Rule;
import dev.mainstay.core.state.ResourceSettings;
import dev.mainstay.core.state.ResourceState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ConditionPolicyTest {
    private static final Conditions INSIDE = new Conditions("", "its database is corrupt", "", "");
    private static final Conditions NO_NETWORK = new Conditions("", "", "eth1 is down", "");

    private static Fixture online(EmbeddedFailureAction action, NodeId... nodes) {
        var plain = resource("vm");
        var cluster = Fixture.running(
                AT_ONCE,
                List.of(nodes),
                new ResourceSettings(
                        plain.id(),
                        plain.group(),
                        plain.type(),
                        "",
                        plain.properties(),
                        plain.dependency(),
                        AT_ONCE,
                        plain.timing(),
                        plain.possibleOwners(),
                        plain.monitor(),
                        action));
        cluster.report("vm", ResourceState.ONLINE);
        return cluster;
    }

    @Test
    void recoversFromAFailureInsideAsFromAnyOther() {
        var cluster = online(EmbeddedFailureAction.RECOVER, N1);

        assertThat(cluster.signal("vm", INSIDE))
                .satisfiesExactly(seen -> assertThat(seen).isInstanceOf(Event.ResourceObserved.class), asked -> {
                    assertThat(asked).isInstanceOf(Event.FailureRequested.class);
                    assertThat(asked.reason().rule()).isEqualTo(Rule.EMBEDDED_FAILURE);
                    assertThat(asked.reason().text())
                            .isEqualTo("a failure inside vm counts as its own: its database is corrupt");
                });
        assertThat(cluster.signal("vm", INSIDE)).as("told again").hasSize(1);
    }

    @Test
    void recordsAFailureInsideOrOnlyShowsIt() {
        assertThat(online(EmbeddedFailureAction.LOG, N1).signal("vm", INSIDE))
                .hasSize(2)
                .last()
                .isInstanceOf(Event.EmbeddedFailureNoted.class);
        var shown = online(EmbeddedFailureAction.NOTHING, N1);
        assertThat(shown.signal("vm", INSIDE)).hasSize(1);
        assertThat(shown.state
                        .resource(id("vm"))
                        .orElseThrow()
                        .status()
                        .observed()
                        .conditions())
                .isEqualTo(INSIDE);
    }

    @Test
    void decidesUponAFailureInsideWhenMaintenanceEnds() {
        var cluster = online(EmbeddedFailureAction.RECOVER, N1);
        cluster.maintain("vm", true);
        assertThat(cluster.signal("vm", INSIDE)).hasSize(1);

        assertThat(cluster.maintain("vm", false)).last().isInstanceOf(Event.FailureRequested.class);
    }

    @Test
    void movesAGroupToANodeThatHasTheNetworkAndNotBack() {
        var cluster = online(EmbeddedFailureAction.RECOVER, N1, N2);

        assertThat(cluster.signal("vm", NO_NETWORK))
                .last()
                .isInstanceOf(Event.GroupMoving.class)
                .satisfies(event -> assertThat(event.reason().text())
                        .isEqualTo("a network that vm serves on is gone from n1 (eth1 is down): group shop moves to"
                                + " n2"));
        cluster.report("vm", ResourceState.OFFLINE);
        cluster.report("vm", ResourceState.ONLINE);
        assertThat(cluster.state.group(SHOP).orElseThrow().status().owner()).isEqualTo(N2);

        assertThat(cluster.signal("vm", NO_NETWORK))
                .last()
                .isInstanceOf(Event.NetworkLost.class)
                .satisfies(event -> assertThat(event.reason().text())
                        .endsWith("group shop stays, for every other node that is up and a possible owner lost one"
                                + " within 6 h, too (n1)"));
    }

    @Test
    void movesAGroupBackToANodeThatLostItsNetworkLongAgo() {
        var cluster = online(EmbeddedFailureAction.RECOVER, N1, N2);
        cluster.signal("vm", NO_NETWORK);
        cluster.report("vm", ResourceState.OFFLINE);
        cluster.report("vm", ResourceState.ONLINE);
        cluster.pass(Duration.ofHours(7));

        assertThat(cluster.signal("vm", NO_NETWORK)).last().isInstanceOf(Event.GroupMoving.class);
    }

    @Test
    void waitsForALockBeforeAGroupMovesForItsNetwork() {
        var cluster = online(EmbeddedFailureAction.RECOVER, N1, N2, N3);
        var locked = new Conditions("it is being copied", "", "eth1 is down", "");

        assertThat(cluster.signal("vm", locked))
                .last()
                .satisfies(event -> assertThat(event.reason().text())
                        .endsWith("group shop stays, for vm is locked (it is being copied)"));
        assertThat(cluster.signal("vm", NO_NETWORK)).last().isInstanceOf(Event.GroupMoving.class);
    }

    private static Fixture kept(Conditions vm, Conditions web) {
        var cluster = Fixture.running(AT_ONCE, List.of(N1, N2), resource("vm"), resource("web"));
        cluster.report("vm", ResourceState.ONLINE);
        cluster.report("web", ResourceState.ONLINE);
        cluster.signal("web", web);
        cluster.signal("vm", vm);
        assertThat(transfer(cluster)).isEqualTo(new Transfer.None());
        return cluster;
    }

    private static Transfer transfer(Fixture cluster) {
        return cluster.state.group(SHOP).orElseThrow().status().transfer();
    }

    @Test
    void reconsidersALostNetworkWhenTheLockOfASiblingEnds() {
        var cluster = kept(NO_NETWORK, new Conditions("it is being copied", "", "", ""));

        assertThat(cluster.signal("web", Conditions.NONE)).last().isInstanceOf(Event.GroupMoving.class);
    }

    @Test
    void reconsidersALostNetworkWhenTheMaintenanceOfASiblingEnds() {
        var cluster = Fixture.running(AT_ONCE, List.of(N1, N2), resource("vm"), resource("web"));
        cluster.report("vm", ResourceState.ONLINE);
        cluster.report("web", ResourceState.ONLINE);
        cluster.maintain("web", true);
        cluster.signal("vm", NO_NETWORK);
        assertThat(transfer(cluster)).isEqualTo(new Transfer.None());

        assertThat(cluster.maintain("web", false)).last().isInstanceOf(Event.GroupMoving.class);
    }

    @Test
    void reconsidersALostNetworkWhenANodeComesUp() {
        var cluster = online(EmbeddedFailureAction.RECOVER, N1);
        cluster.signal("vm", NO_NETWORK);
        assertThat(transfer(cluster)).isEqualTo(new Transfer.None());

        assertThat(cluster.decide(new Command.StartNode(N2, 1))).last().isInstanceOf(Event.GroupMoving.class);
    }

    @Test
    void aFailureInsideIsOrderedUntilTheMonitorHasFollowed() {
        var cluster = online(EmbeddedFailureAction.RECOVER, N1);
        cluster.signal("vm", INSIDE);
        var held = new TreeMap<>(Map.of(id("vm"), new Held(ResourceState.ONLINE, 1, 1, Long.MAX_VALUE)));
        var fail = new Order.Fail(id("vm"), 1, "a failure inside vm counts as its own: its database is corrupt");

        assertThat(Orders.ordersFor(N1, cluster.state, held)).containsExactly(fail);
        assertThat(Orders.ordersFor(N1, cluster.state, held)).as("asked again").containsExactly(fail);
        cluster.report("vm", ResourceState.FAILED);
        held.put(id("vm"), new Held(ResourceState.ONLINE, 1, 2, Long.MAX_VALUE));
        assertThat(Orders.ordersFor(N1, cluster.state, held))
                .as("the next attempt")
                .isEmpty();
    }
}
