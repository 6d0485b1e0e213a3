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
import dev.mainstay.core.state.Conditions;
import dev.mainstay.core.state.GroupId;
import dev.mainstay.core.state.GroupStatus;
import dev.mainstay.core.state.Recovery;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.core.state.ResourceStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResetPolicyTest {
    private final Fixture alone = Fixture.running(AT_ONCE, List.of(N1), resource("web"));

    @Test
    void givesAnOnlineResourceAllItsRestartsBackAndTouchesNothingElse() {
        failThreeTimes(alone);
        alone.report("web", ResourceState.ONLINE);
        var before = status(alone);

        var events = alone.decide(new Command.ResetResource(id("web")));

        assertThat(events)
                .singleElement()
                .isInstanceOf(Event.RestartsForgotten.class)
                .satisfies(event ->
                        assertThat(event.reason().text()).isEqualTo("an operator had the failures of web forgotten"));
        assertThat(before.restarts()).hasSize(3);
        assertThat(status(alone).restarts()).isEmpty();
        assertThat(status(alone).attempt()).isEqualTo(before.attempt());
        alone.report("web", ResourceState.FAILED);
        assertThat(status(alone).restarts()).as("the next failure is the first").hasSize(1);
    }

    @Test
    void triesWhatWasGivenUpOnceMore() {
        failThreeTimes(alone);
        alone.report("web", ResourceState.FAILED);
        assertThat(status(alone).recovery()).isInstanceOf(Recovery.RetryAt.class);
        long attempt = status(alone).attempt();

        var events = alone.decide(new Command.ResetResource(id("web")));

        assertThat(events).singleElement().isInstanceOf(Event.AttemptPermitted.class);
        assertThat(status(alone).attempt()).isEqualTo(attempt + 1);
        assertThat(status(alone).restarts()).isEmpty();
        assertThat(status(alone).recovery()).isInstanceOf(Recovery.None.class);
    }

    @Test
    void leavesWhatIsWantedOfflineOffline() {
        failThreeTimes(alone);
        alone.decide(new Command.OfflineGroup(SHOP, false));
        long attempt = status(alone).attempt();

        alone.decide(new Command.ResetResource(id("web")));

        assertThat(status(alone).restarts()).isEmpty();
        assertThat(status(alone).attempt()).isEqualTo(attempt);
    }

    @Test
    void decidesNothingWhereNothingIsCounted() {
        alone.report("web", ResourceState.ONLINE);

        assertThat(alone.decide(new Command.ResetResource(id("web")))).isEmpty();
        assertThat(alone.decide(new Command.ResetGroup(SHOP))).isEmpty();
    }

    @Test
    void letsAGroupFailOverAgainThatHasReachedItsThreshold() {
        var pair = Fixture.running(AT_ONCE, List.of(N1, N2), resource("web"));
        failOver(pair);
        failThreeTimes(pair);
        pair.report("web", ResourceState.FAILED);
        assertThat(group(pair).transfer()).as("one failover of one allowed").isEqualTo(new GroupStatus.Transfer.None());
        assertThat(group(pair).failovers()).hasSize(1);

        pair.decide(new Command.ResetGroup(SHOP));

        assertThat(group(pair).failovers()).isEmpty();
        failOver(pair);
        assertThat(group(pair).owner()).isEqualTo(N1);
    }

    @Test
    void letsAGroupBackToANodeThatLostANetwork() {
        var pair = Fixture.running(AT_ONCE, List.of(N1, N2), resource("web"));
        pair.report("web", ResourceState.ONLINE);
        pair.signal("web", new Conditions("", "", "eth0 has no carrier", ""));
        pair.report("web", ResourceState.OFFLINE);
        assertThat(group(pair).networkLosses()).containsOnlyKeys(N1);

        pair.decide(new Command.ResetGroup(SHOP));

        assertThat(group(pair).networkLosses()).isEmpty();
    }

    @Test
    void refusesNamesThatAreNotThere() {
        assertThat(alone.refused(new Command.ResetResource(id("wab"))).code()).isEqualTo(Refusal.Code.NO_SUCH_RESOURCE);
        assertThat(alone.refused(new Command.ResetGroup(new GroupId("shap"))).code())
                .isEqualTo(Refusal.Code.NO_SUCH_GROUP);
    }

    private static void failOver(Fixture cluster) {
        failThreeTimes(cluster);
        cluster.report("web", ResourceState.FAILED);
        assertThat(group(cluster).transfer()).isInstanceOf(GroupStatus.Transfer.To.class);
        cluster.report("web", ResourceState.OFFLINE);
    }

    private static void failThreeTimes(Fixture cluster) {
        for (int i = 0; i < 3; i++) {
            cluster.report("web", ResourceState.ONLINE);
            cluster.report("web", ResourceState.FAILED);
        }
        cluster.report("web", ResourceState.ONLINE);
    }

    private static ResourceStatus status(Fixture cluster) {
        return cluster.state.resource(id("web")).orElseThrow().status();
    }

    private static GroupStatus group(Fixture cluster) {
        return cluster.state.group(SHOP).orElseThrow().status();
    }
}
