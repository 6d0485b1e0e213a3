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
import dev.mainstay.core.state.GroupStatus.Transfer;
import dev.mainstay.core.state.Reason.Rule;
import dev.mainstay.core.state.Recovery;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.core.state.ResourceStatus;
import dev.mainstay.core.state.RestartPolicy;
import dev.mainstay.core.state.RestartPolicy.Action;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecoveryPolicyTest {
    private static final RestartPolicy AFTER_HALF_A_SECOND = RestartPolicy.DEFAULT;

    @Test
    void permitsARestartAtOnceWhenThereIsNoDelay() {
        var cluster = Fixture.running(AT_ONCE, List.of(N1), resource("web"));
        cluster.report("web", ResourceState.ONLINE);

        var events = cluster.report("web", ResourceState.FAILED);

        assertThat(events).hasSize(2);
        assertThat(events.get(1)).isInstanceOfSatisfying(Event.AttemptPermitted.class, permitted -> {
            assertThat(permitted.restarts()).containsExactly(cluster.now);
            assertThat(permitted.reason().text())
                    .isEqualTo("restart 1 of 3 allowed for web within 15 min on n1, at once");
        });
        assertThat(status(cluster).attempt()).isEqualTo(2);
    }

    @Test
    void waitsForTheRestartDelay() {
        var cluster = Fixture.running(AFTER_HALF_A_SECOND, List.of(N1), resource("web"));

        cluster.report("web", ResourceState.FAILED);

        assertThat(Deadlines.next(cluster.state)).contains(cluster.now.plusMillis(500));
        cluster.pass(Duration.ofMillis(499));
        assertThat(cluster.decide(new Command.PassDeadline())).isEmpty();
        cluster.pass(Duration.ofMillis(1));
        assertThat(cluster.decide(new Command.PassDeadline()))
                .singleElement()
                .isInstanceOf(Event.AttemptPermitted.class);
        assertThat(status(cluster).recovery()).isEqualTo(new Recovery.None());
    }

    @Test
    void staysFailedOnOneNodeOnceTheThresholdIsReachedAndTriesAgainAfterTheRetryPeriod() {
        var cluster = Fixture.running(AT_ONCE, List.of(N1), resource("web"));
        for (int i = 0; i < 3; i++) {
            cluster.report("web", ResourceState.FAILED);
            cluster.pass(Duration.ofSeconds(10));
        }

        var events = cluster.report("web", ResourceState.FAILED);

        assertThat(events.getLast()).isInstanceOfSatisfying(Event.RetryScheduled.class, retry -> {
            assertThat(retry.reason().rule()).isEqualTo(Rule.NO_POSSIBLE_OWNER_UP);
            assertThat(retry.reason().text())
                    .isEqualTo(
                            "web failed again after 3 restarts within 15 min, its restart threshold, and no other node"
                                    + " is up and a possible owner of group shop; next attempt after 1 h");
        });
        cluster.pass(Duration.ofHours(1));
        cluster.decide(new Command.PassDeadline());
        assertThat(status(cluster).restarts()).isEmpty();
        assertThat(status(cluster).recovery()).isEqualTo(new Recovery.None());
    }

    @Test
    void forgetsRestartsOlderThanThePeriod() {
        var cluster = Fixture.running(AT_ONCE, List.of(N1), resource("web"));
        for (int i = 0; i < 10; i++) {
            cluster.report("web", ResourceState.FAILED);
            cluster.pass(Duration.ofMinutes(6));
        }

        assertThat(status(cluster).recovery()).isEqualTo(new Recovery.None());
        assertThat(status(cluster).restarts()).hasSize(3);
    }

    @Test
    void neverRestartsWhenTheActionIsNone() {
        var never = new RestartPolicy(Action.NONE, 3, Duration.ofMinutes(15), Duration.ZERO, Duration.ofHours(1));
        var cluster = Fixture.running(never, List.of(N1, N2), resource("web"));

        var events = cluster.report("web", ResourceState.FAILED);

        assertThat(events.getLast()).isInstanceOf(Event.ResourceGivenUp.class);
        assertThat(Deadlines.next(cluster.state)).isEmpty();
    }

    @Test
    void staysInPlaceWhenTheActionIsRestartOnly() {
        var inPlace = new RestartPolicy(Action.RESTART, 0, Duration.ofMinutes(15), Duration.ZERO, Duration.ZERO);
        var cluster = Fixture.running(inPlace, List.of(N1, N2), resource("web"));

        var events = cluster.report("web", ResourceState.FAILED);

        assertThat(events.getLast())
                .isInstanceOfSatisfying(
                        Event.ResourceGivenUp.class,
                        given -> assertThat(given.reason().rule()).isEqualTo(Rule.RESTART_THRESHOLD_REACHED));
    }

    @Test
    void failsOverToAnotherNodeOnceTheThresholdIsReached() {
        var atOnce = new RestartPolicy(
                Action.RESTART_THEN_FAILOVER, 0, Duration.ofMinutes(15), Duration.ZERO, Duration.ofHours(1));
        var cluster = Fixture.running(atOnce, List.of(N1, N2), resource("web"));

        cluster.report("web", ResourceState.FAILED);

        var status = cluster.state.group(SHOP).orElseThrow().status();
        assertThat(status.transfer()).isInstanceOfSatisfying(Transfer.To.class, to -> {
            assertThat(to.target()).isEqualTo(N2);
            assertThat(to.failover()).isTrue();
        });
        assertThat(status.owner())
                .as("until n1 confirms in the epoch of the move")
                .isEqualTo(N1);
        cluster.report("web", ResourceState.FAILED);
        assertThat(cluster.state.group(SHOP).orElseThrow().status().owner()).isEqualTo(N2);
    }

    @Test
    void staysFailedOnceTheFailoverThresholdIsReached() {
        var atOnce = new RestartPolicy(
                Action.RESTART_THEN_FAILOVER, 0, Duration.ofMinutes(15), Duration.ZERO, Duration.ofHours(1));
        var cluster = Fixture.running(atOnce, List.of(N1, N2), resource("web"));
        cluster.report("web", ResourceState.FAILED);
        cluster.report("web", ResourceState.FAILED);

        var events = cluster.report("web", ResourceState.FAILED);

        assertThat(events.getLast())
                .isInstanceOfSatisfying(
                        Event.RetryScheduled.class,
                        retry -> assertThat(retry.reason().rule()).isEqualTo(Rule.FAILOVER_THRESHOLD_REACHED));
    }

    @Test
    void decidesOnceAboutOneFailureHoweverOftenItIsReported() {
        var cluster = Fixture.running(AFTER_HALF_A_SECOND, List.of(N1), resource("web"));
        cluster.report("web", ResourceState.FAILED, 1);

        var events = cluster.report("web", ResourceState.FAILED, 1);

        assertThat(events).hasSize(1);
    }

    @Test
    void doesNotRestartWhatIsWantedOffline() {
        var cluster = Fixture.running(AT_ONCE, List.of(N1), resource("web"));
        cluster.decide(new Command.OfflineGroup(SHOP, false));

        cluster.report("web", ResourceState.FAILED);

        assertThat(status(cluster).attempt()).isEqualTo(1);
    }

    private static ResourceStatus status(Fixture cluster) {
        return cluster.state.resource(id("web")).orElseThrow().status();
    }
}
