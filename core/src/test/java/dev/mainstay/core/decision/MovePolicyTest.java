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
import dev.mainstay.core.state.GroupStatus;
import dev.mainstay.core.state.GroupStatus.Transfer;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.ResourceState;
import java.util.List;
import org.junit.jupiter.api.Test;

class MovePolicyTest {
    @Test
    void changesTheOwnerOnlyAfterRestWasConfirmedInTheEpochOfTheMove() {
        var cluster = Fixture.running(AT_ONCE, List.of(N1, N2), resource("web"));
        cluster.report("web", ResourceState.OFFLINE);
        long before = status(cluster).epoch();

        cluster.decide(new Command.MoveGroup(SHOP, N2, false));

        assertThat(status(cluster).owner()).isEqualTo(N1);
        cluster.reportFrom(N1, "web", ResourceState.OFFLINE, 1, before);
        assertThat(status(cluster).owner())
                .as("an order to start may be on its way")
                .isEqualTo(N1);
        cluster.reportFrom(N1, "web", ResourceState.OFFLINE, 1, before + 1);
        assertThat(status(cluster).owner()).isEqualTo(N2);
        assertThat(status(cluster).epoch()).isEqualTo(before + 2);
    }

    @Test
    void leavesNothingBehindInTheConfiguration() {
        var cluster = Fixture.running(AT_ONCE, List.of(N1, N2), resource("web"));
        var settings = cluster.state.group(SHOP).orElseThrow().settings();
        long config = cluster.state.configRevision();

        cluster.decide(new Command.MoveGroup(SHOP, N2, false));
        cluster.report("web", ResourceState.OFFLINE);

        assertThat(status(cluster).transfer()).isEqualTo(new Transfer.None());
        assertThat(cluster.state.group(SHOP).orElseThrow().settings()).isEqualTo(settings);
        assertThat(cluster.state.configRevision()).isEqualTo(config);
    }

    @Test
    void isDoneAtOnceWhenTheTargetIsTheOwner() {
        var cluster = Fixture.running(AT_ONCE, List.of(N1, N2), resource("web"));

        assertThat(cluster.decide(new Command.MoveGroup(SHOP, N1, false))).isEmpty();
    }

    @Test
    void refusesAnotherTargetWhileOnItsWay() {
        var cluster = Fixture.running(AT_ONCE, List.of(N1, N2, N3), resource("web"));
        cluster.decide(new Command.MoveGroup(SHOP, N2, false));

        var refusal = cluster.refused(new Command.MoveGroup(SHOP, N3, false));

        assertThat(refusal.code()).isEqualTo(Refusal.Code.ALREADY_MOVING);
        assertThat(refusal.message()).isEqualTo("moving group 'shop' to node 'n3': it is on its way to n2");
        assertThat(cluster.decide(new Command.MoveGroup(SHOP, N2, false))).isEmpty();
    }

    @Test
    void refusesANodeThatIsUnknownOrNotUp() {
        var cluster = Fixture.running(AT_ONCE, List.of(N1, N2), resource("web"));
        cluster.decide(new Command.StopNode(N2));

        assertThat(cluster.refused(new Command.MoveGroup(SHOP, N2, false)).code())
                .isEqualTo(Refusal.Code.NODE_NOT_UP);
        assertThat(cluster.refused(new Command.MoveGroup(SHOP, new NodeId("n9"), false))
                        .code())
                .isEqualTo(Refusal.Code.NO_SUCH_NODE);
    }

    @Test
    void takesAGroupFromANodeThatLeftInGoodOrder() {
        var cluster = Fixture.running(AT_ONCE, List.of(N1, N2), resource("web"));
        cluster.decide(new Command.StopNode(N1));
        cluster.decide(new Command.LeaveNode(N1, 1));

        cluster.decide(new Command.MoveGroup(SHOP, N2, false));

        assertThat(status(cluster).owner()).isEqualTo(N2);
    }

    @Test
    void finishesAMoveWhenTheOwnerLeavesInGoodOrderMeanwhile() {
        var cluster = Fixture.running(AT_ONCE, List.of(N1, N2), resource("web"));
        cluster.decide(new Command.MoveGroup(SHOP, N2, false));
        cluster.decide(new Command.StopNode(N1));

        cluster.decide(new Command.LeaveNode(N1, 1));

        assertThat(status(cluster).owner()).isEqualTo(N2);
        assertThat(status(cluster).transfer()).isEqualTo(new Transfer.None());
    }

    /// Its failure came while nothing was to be restarted, so nobody decided about it.
    @Test
    void triesWhatFailedWhileTheClusterStoppedWhenItRunsAgain() {
        var cluster = Fixture.running(AT_ONCE, List.of(N1, N2), resource("web"));
        long before = attempt(cluster);
        cluster.decide(new Command.StopCluster());
        cluster.report("web", ResourceState.FAILED);

        cluster.decide(new Command.StartNode(N2, 2));

        assertThat(attempt(cluster)).isEqualTo(before + 1);
    }

    private static long attempt(Fixture cluster) {
        return cluster.state.resource(id("web")).orElseThrow().status().attempt();
    }

    private static GroupStatus status(Fixture cluster) {
        return cluster.state.group(SHOP).orElseThrow().status();
    }

    @Test
    void goesToAnotherNodeWhenTheTargetStopsOnTheWay() {
        var cluster = Fixture.running(AT_ONCE, List.of(N1, N2, N3), resource("web"));
        cluster.report("web", ResourceState.ONLINE);
        cluster.decide(new Command.MoveGroup(SHOP, N2, false));
        cluster.decide(new Command.StopNode(N2));

        cluster.report("web", ResourceState.OFFLINE);

        assertThat(cluster.state.group(SHOP).orElseThrow().status().owner()).isEqualTo(N3);
    }

    @Test
    void waitsForANodeWhenNoneIsUp() {
        var cluster = Fixture.running(AT_ONCE, List.of(N1, N2), resource("web"));
        cluster.report("web", ResourceState.ONLINE);
        cluster.decide(new Command.MoveGroup(SHOP, N2, false));
        cluster.decide(new Command.StopNode(N2));
        cluster.decide(new Command.StopNode(N1));
        cluster.report("web", ResourceState.OFFLINE);
        cluster.decide(new Command.LeaveNode(N1, 1));
        assertThat(cluster.state.group(SHOP).orElseThrow().status().owner()).isEqualTo(N1);

        cluster.decide(new Command.StartNode(N2, 2));

        var status = cluster.state.group(SHOP).orElseThrow().status();
        assertThat(status.owner()).isEqualTo(N2);
        assertThat(status.transfer()).isEqualTo(new Transfer.None());
    }
}
