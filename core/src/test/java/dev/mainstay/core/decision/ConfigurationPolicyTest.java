package dev.mainstay.core.decision;

import static dev.mainstay.core.Fixture.AT_ONCE;
import static dev.mainstay.core.Fixture.N1;
import static dev.mainstay.core.Fixture.N2;
import static dev.mainstay.core.Fixture.PROCESS;
import static dev.mainstay.core.Fixture.SHOP;
import static dev.mainstay.core.Fixture.group;
import static dev.mainstay.core.Fixture.id;
import static dev.mainstay.core.Fixture.resource;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.Fixture;
import dev.mainstay.core.decision.Command.Change;
import dev.mainstay.core.event.Event;
import dev.mainstay.core.state.GroupId;
import dev.mainstay.core.state.MonitorChoice;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.ResourceSettings;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.core.state.Timing;
import dev.mainstay.core.state.TypeName;
import dev.mainstay.core.state.TypeSettings;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ConfigurationPolicyTest {
    @Test
    void refusesACycleAndNamesIt() {
        var cluster = new Fixture(N1);

        var refusal = cluster.refused(configure(resource("a", "b"), resource("b", "c"), resource("c", "a")));

        assertThat(refusal.code()).isEqualTo(Refusal.Code.DEPENDENCY_CYCLE);
        assertThat(refusal.message()).isEqualTo("dependencies form a cycle: a -> b -> c -> a");
        assertThat(cluster.state.groups()).as("all or nothing").isEmpty();
    }

    @Test
    void refusesADependencyOnAnotherGroup() {
        var cluster = new Fixture(N1);

        var refusal = cluster.refused(configure(resource("a", "elsewhere")));

        assertThat(refusal.code()).isEqualTo(Refusal.Code.DEPENDENCY_OUTSIDE_GROUP);
    }

    @Test
    void refusesAnUnknownType() {
        var cluster = new Fixture(N1);
        var plain = resource("a");
        var odd = new ResourceSettings(
                plain.id(),
                plain.group(),
                new TypeName("proces"),
                "",
                plain.properties(),
                plain.dependency(),
                plain.restart(),
                plain.timing(),
                plain.possibleOwners());

        var refusal = cluster.refused(configure(odd));

        assertThat(refusal.code()).isEqualTo(Refusal.Code.NO_SUCH_TYPE);
        assertThat(refusal.advice()).isEqualTo("Types there are: process.");
    }

    @Test
    void refusesAPlanOfAnOlderConfiguration() {
        var cluster = Fixture.running(AT_ONCE, List.of(N1), resource("web"));

        var refusal = cluster.refused(new Command.Configure(List.of(new Change.PutResource(resource("b"))), 0));

        assertThat(refusal.code()).isEqualTo(Refusal.Code.CONFIGURATION_CHANGED);
    }

    @Test
    void changesNothingWhenEverythingIsSo() {
        var cluster = Fixture.running(AT_ONCE, List.of(N1), resource("web"));

        assertThat(cluster.decide(configure(resource("web")))).isEmpty();
    }

    @Test
    void refusesToDeleteAGroupThatIsWantedOnline() {
        var cluster = Fixture.running(AT_ONCE, List.of(N1), resource("web"));
        cluster.report("web", ResourceState.ONLINE);

        var refusal = cluster.refused(new Command.Configure(List.of(new Change.DeleteGroup(SHOP)), -1));

        assertThat(refusal.message())
                .isEqualTo("deleting group 'shop': its resource 'web' is online and wanted online");
        cluster.decide(new Command.OfflineGroup(SHOP, false));
        cluster.report("web", ResourceState.OFFLINE);
        assertThat(cluster.decide(new Command.Configure(List.of(new Change.DeleteGroup(SHOP)), -1)))
                .singleElement()
                .isInstanceOf(Event.GroupDeleted.class);
        assertThat(cluster.state.resources()).isEmpty();
    }

    @Test
    void refusesToDeleteAResourceThatIsOnlineOrWantedOnline() {
        var cluster = Fixture.running(AT_ONCE, List.of(N1), resource("web"));
        cluster.report("web", ResourceState.ONLINE);
        var delete = new Command.Configure(List.of(new Change.DeleteResource(id("web"))), -1);

        var refusal = cluster.refused(delete);

        assertThat(refusal.code()).isEqualTo(Refusal.Code.NOT_OFFLINE);
        assertThat(refusal.message()).isEqualTo("deleting resource 'web': it is online and wanted online");
        cluster.decide(new Command.OfflineResource(id("web"), false));
        assertThat(cluster.refused(delete).message())
                .isEqualTo("deleting resource 'web': it is online and wanted offline");
        cluster.report("web", ResourceState.OFFLINE);
        assertThat(cluster.decide(delete)).singleElement().isInstanceOf(Event.ResourceDeleted.class);
    }

    @Test
    void refusesToDeleteAResourceThatIsStillNeeded() {
        var cluster = Fixture.running(AT_ONCE, List.of(N1), resource("data"), resource("web", "data"));
        cluster.decide(new Command.OfflineGroup(SHOP, false));
        cluster.report("data", ResourceState.OFFLINE);

        var refusal = cluster.refused(new Command.Configure(List.of(new Change.DeleteResource(id("data"))), -1));

        assertThat(refusal.code()).isEqualTo(Refusal.Code.STILL_NEEDED);
    }

    @Test
    void refusesThatAResourceChangesItsGroup() {
        var cluster = Fixture.running(AT_ONCE, List.of(N1), resource("web"));
        var other = new GroupId("other");
        var plain = resource("web");
        var moved = new ResourceSettings(
                plain.id(),
                other,
                plain.type(),
                "",
                plain.properties(),
                plain.dependency(),
                plain.restart(),
                plain.timing(),
                plain.possibleOwners());

        var refusal = cluster.refused(new Command.Configure(
                List.of(new Change.PutGroup(group(other), false), new Change.PutResource(moved)), -1));

        assertThat(refusal.code()).isEqualTo(Refusal.Code.IDENTITY_CHANGE);
    }

    @Test
    void bringsANewGroupOnlineInTheSameDecisionOnceItsResourcesAreThere() {
        var cluster = new Fixture(N1);
        var events = cluster.decide(new Command.Configure(
                List.of(new Change.PutGroup(group(SHOP), true), new Change.PutResource(resource("web"))), -1));

        assertThat(events)
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly("GroupAdded", "ResourceAdded", "GroupWanted");
        assertThat(cluster.state.wantedOnline(cluster.state.resource(id("web")).orElseThrow()))
                .isTrue();
    }

    @Test
    void leavesAGroupThatExistsAsItIsWanted() {
        var cluster = Fixture.running(AT_ONCE, List.of(N1), resource("web"));
        cluster.decide(new Command.OfflineGroup(SHOP, false));

        cluster.decide(new Command.Configure(List.of(new Change.PutGroup(group(SHOP), true)), -1));

        assertThat(cluster.state.group(SHOP).orElseThrow().status().wantedOnline())
                .isFalse();
    }

    private static Command configure(ResourceSettings... resources) {
        var changes = new java.util.ArrayList<Change>();
        changes.add(new Change.PutGroup(group(SHOP), false));
        for (var settings : resources) {
            changes.add(new Change.PutResource(settings));
        }
        return new Command.Configure(changes, -1);
    }

    @Test
    void keepsTheSettingsOfATypeUntilTheyAreTheUsualOnesAgain() {
        var cluster = Fixture.running(AT_ONCE, List.of(N1), resource("web"));
        var set = new TypeSettings(PROCESS, MonitorChoice.TYPE, 64 << 20, 50, Duration.ofHours(1));

        cluster.decide(new Command.Configure(List.of(new Change.PutType(set)), -1));
        assertThat(cluster.state.typeSettings(PROCESS)).isEqualTo(set);
        assertThat(cluster.state.configRevision()).isEqualTo(cluster.state.revision());
        assertThat(cluster.decide(new Command.Configure(List.of(new Change.PutType(set)), -1)))
                .as("set again")
                .isEmpty();

        cluster.decide(new Command.Configure(List.of(new Change.PutType(TypeSettings.unset(PROCESS))), -1));
        assertThat(cluster.state.typeSettings()).isEmpty();
        assertThat(cluster.state.typeSettings(PROCESS)).isEqualTo(TypeSettings.unset(PROCESS));
    }

    @Test
    void opensTheResourcesOfATypeAnewWhenItsTimesChange() {
        var cluster = Fixture.running(AT_ONCE, List.of(N1), resource("web"));
        var before = cluster.state.resource(id("web")).orElseThrow().revision();
        var timing = new Timing(Duration.ofSeconds(2), Duration.ZERO, Duration.ZERO, Duration.ZERO);

        cluster.decide(new Command.Configure(
                List.of(new Change.PutType(
                        new TypeSettings(PROCESS, MonitorChoice.SHARED, 0, 0, Duration.ZERO, timing))),
                -1));

        assertThat(cluster.state.resource(id("web")).orElseThrow().revision()).isGreaterThan(before);
    }

    @Test
    void refusesToSetATypeThatNobodyOffers() {
        var cluster = new Fixture(N1);

        var refusal = cluster.refused(
                new Command.Configure(List.of(new Change.PutType(TypeSettings.unset(new TypeName("proces")))), -1));

        assertThat(refusal.code()).isEqualTo(Refusal.Code.NO_SUCH_TYPE);
    }

    private static ResourceSettings ownedBy(String name, NodeId node) {
        var plain = resource(name);
        return new ResourceSettings(
                plain.id(),
                plain.group(),
                plain.type(),
                "",
                plain.properties(),
                plain.dependency(),
                AT_ONCE,
                plain.timing(),
                new TreeSet<>(List.of(node)));
    }

    @Test
    void aResourceThatMayNotRunWhereItsGroupIsTakesTheGroupToANodeWhereItMay() {
        var cluster = Fixture.running(AT_ONCE, List.of(N1, N2), resource("web"));
        cluster.report("web", ResourceState.ONLINE);
        cluster.configure(ownedBy("disk", N2));
        cluster.report("web", ResourceState.OFFLINE);
        cluster.report("disk", ResourceState.OFFLINE);

        assertThat(cluster.state.group(SHOP).orElseThrow().status().owner()).isEqualTo(N2);
    }

    @Test
    void aResourceThatMayRunNowhereNowIsRefused() {
        var cluster = Fixture.running(AT_ONCE, List.of(N1), resource("web"));

        assertThat(cluster.refused(new Command.Configure(List.of(new Change.PutResource(ownedBy("disk", N2))), -1)))
                .isEqualTo(new Refusal(
                        Refusal.Code.NOT_A_POSSIBLE_OWNER,
                        "configuring resource 'disk' with the possible owners n2: its group 'shop' is on node 'n1', and"
                                + " no other node is up and a possible owner of all its resources",
                        "Start one of them, or add 'n1' to the possible owners."));
    }
}
