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
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Reason.Rule;
import dev.mainstay.core.state.Recovery;
import dev.mainstay.core.state.ResourceSettings;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.core.state.ResourceStatus;
import dev.mainstay.core.state.RestartPolicy;
import dev.mainstay.core.state.RestartPolicy.Action;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What no repetition on this node mends is not repeated as if it would pass.
class LastingFailureTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void isTriedOnceAMinuteOnTheOnlyNodeInsteadOfFourTimesAtOnceAndThenNotForAnHour() {
        var cluster = alone(AT_ONCE);

        for (int attempt = 1; attempt <= 10; attempt++) {
            var events = cluster.failForGood("web");

            assertThat(events.getLast()).isInstanceOfSatisfying(Event.RetryScheduled.class, retry -> {
                assertThat(retry.due()).isEqualTo(cluster.now.plus(MINUTE));
                assertThat(retry.reason().rule()).isEqualTo(Rule.LASTING_FAILURE);
            });
            assertThat(status(cluster).attempt()).isEqualTo(attempt);
            cluster.pass(MINUTE.minusMillis(1));
            assertThat(cluster.decide(new Command.PassDeadline())).isEmpty();
            cluster.pass(Duration.ofMillis(1));
            cluster.decide(new Command.PassDeadline());
        }
    }

    @Test
    void saysWhyItStaysAndWhatToDo() {
        var cluster = alone(AT_ONCE);

        var events = cluster.failForGood("web");

        assertThat(events.getLast().reason().text())
                .isEqualTo("no restart mends this failure of web, and no other node is up and a possible owner of group"
                        + " shop; mend it, then: mainstay resource online web; next attempt after 1 min");
    }

    @Test
    void movesToAnotherPossibleOwnerAtOnce() {
        var cluster = Fixture.running(AT_ONCE, List.of(N1, N2), resource("web"));

        var events = cluster.failForGood("web");

        assertThat(events)
                .anySatisfy(event -> assertThat(event).isInstanceOfSatisfying(Event.GroupMoving.class, moving -> {
                    assertThat(moving.target()).isEqualTo(N2);
                    assertThat(moving.failover()).isTrue();
                    assertThat(moving.reason().text()).startsWith("web failed by what no restart mends: group shop");
                }));
    }

    @Test
    void waitsWhereItIsOnceItFailedSoOnEveryNode() {
        var cluster = Fixture.running(AT_ONCE, List.of(N1, N2), resource("web"));
        cluster.failForGood("web");
        // n1 confirms in the epoch of the move that nothing of it runs
        cluster.failForGood("web");
        assertThat(owner(cluster)).isEqualTo(N2);

        cluster.failForGood("web");

        assertThat(owner(cluster)).isEqualTo(N2);
        assertThat(status(cluster).recovery())
                .isInstanceOfSatisfying(
                        Recovery.RetryAt.class, retry -> assertThat(retry.due()).isEqualTo(cluster.now.plus(MINUTE)));
    }

    @Test
    void isTriedAtOnceWhenItsSettingsChange() {
        var cluster = alone(AT_ONCE);
        cluster.failForGood("web");

        cluster.configure(otherwise(resource("web")));

        assertThat(status(cluster).recovery()).isEqualTo(new Recovery.None());
        assertThat(status(cluster).attempt()).isEqualTo(2);
    }

    @Test
    void isTriedAtOnceByAnOrder() {
        var cluster = alone(AT_ONCE);
        cluster.failForGood("web");

        cluster.decide(new Command.OnlineResource(id("web"), false));

        assertThat(status(cluster).recovery()).isEqualTo(new Recovery.None());
        assertThat(status(cluster).attempt()).isEqualTo(2);
    }

    @Test
    void leavesTheRestartsToFailuresThatMayPass() {
        var cluster = alone(AT_ONCE);
        cluster.failForGood("web");
        cluster.pass(MINUTE);
        cluster.decide(new Command.PassDeadline());
        cluster.report("web", ResourceState.ONLINE);

        var events = cluster.report("web", ResourceState.FAILED);

        assertThat(events.getLast())
                .isInstanceOfSatisfying(
                        Event.AttemptPermitted.class,
                        permitted -> assertThat(permitted.restarts()).hasSize(1));
    }

    @Test
    void neverWaitsLongerThanTheRetryPeriodAndNeverRetriesWhereThatIsZero() {
        var impatient = alone(policy(Action.RESTART, Duration.ofSeconds(10)));
        var never = alone(policy(Action.RESTART, Duration.ZERO));
        var none = alone(policy(Action.NONE, Duration.ofHours(1)));

        assertThat(impatient.failForGood("web").getLast())
                .isInstanceOfSatisfying(
                        Event.RetryScheduled.class,
                        retry -> assertThat(retry.due()).isEqualTo(impatient.now.plusSeconds(10)));
        assertThat(never.failForGood("web").getLast()).isInstanceOf(Event.ResourceGivenUp.class);
        assertThat(none.failForGood("web").getLast()).isInstanceOf(Event.ResourceGivenUp.class);
        never.configure(otherwise(withPolicy(never)));
        assertThat(status(never).recovery()).isInstanceOf(Recovery.StayFailed.class);
    }

    private static ResourceSettings withPolicy(Fixture cluster) {
        return cluster.state.resource(id("web")).orElseThrow().settings();
    }

    private static RestartPolicy policy(Action action, Duration retryPeriod) {
        return new RestartPolicy(action, 3, Duration.ofMinutes(15), Duration.ZERO, retryPeriod);
    }

    private static Fixture alone(RestartPolicy policy) {
        return Fixture.running(policy, List.of(N1), resource("web"));
    }

    private static ResourceSettings otherwise(ResourceSettings settings) {
        return new ResourceSettings(
                settings.id(),
                settings.group(),
                settings.type(),
                "another description",
                new TreeMap<>(),
                settings.dependency(),
                settings.restart(),
                settings.timing(),
                settings.possibleOwners());
    }

    private static NodeId owner(Fixture cluster) {
        return cluster.state.group(SHOP).orElseThrow().status().owner();
    }

    private static ResourceStatus status(Fixture cluster) {
        return cluster.state.resource(id("web")).orElseThrow().status();
    }
}
