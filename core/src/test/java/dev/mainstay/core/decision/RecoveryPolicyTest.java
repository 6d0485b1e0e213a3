package dev.mainstay.core.decision;

import static dev.mainstay.core.Fixture.AT_ONCE;
import static dev.mainstay.core.Fixture.N1;
import static dev.mainstay.core.Fixture.N2;
import static dev.mainstay.core.Fixture.SHOP;
import static dev.mainstay.core.Fixture.id;
import static dev.mainstay.core.Fixture.resource;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.mainstay.core.Fixture;
import dev.mainstay.core.event.Event;
import dev.mainstay.core.state.Boot;
import dev.mainstay.core.state.Conditions;
import dev.mainstay.core.state.GroupStatus.Transfer;
import dev.mainstay.core.state.Observed;
import dev.mainstay.core.state.Reason.Rule;
import dev.mainstay.core.state.Recovery;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.core.state.ResourceStatus;
import dev.mainstay.core.state.RestartPolicy;
import dev.mainstay.core.state.RestartPolicy.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

    private static List<Event> foundFailed(Fixture cluster, String name) {
        var before = cluster.state.resource(id(name)).orElseThrow().status();
        var failed = new Observed(
                ResourceState.FAILED,
                N1,
                1,
                1,
                before.attempt(),
                "",
                "not found alive",
                cluster.now,
                cluster.now,
                Conditions.NONE);
        return cluster.decide(new Command.ReportResources(N1, 2, new TreeMap<>(Map.of(id(name), failed))));
    }

    private static Boot boot(String id) {
        return new Boot(id, Duration.ofSeconds(9), Instant.parse("2026-12-01T09:59:51Z"));
    }

    private static Fixture runningInABoot(RestartPolicy policy) {
        var cluster = Fixture.running(policy, List.of(N1), resource("db"), resource("web"));
        cluster.report("db", ResourceState.ONLINE);
        cluster.report("web", ResourceState.ONLINE);
        return cluster;
    }

    @Test
    void aCrashOfEverythingCountsOnceForAGroupAndSaysSo() {
        for (var policy : List.of(AT_ONCE, AFTER_HALF_A_SECOND)) {
            var cluster = runningInABoot(policy);
            cluster.pass(Duration.ofHours(1));
            cluster.decide(new Command.StartNode(N1, 2, boot("one")));
            foundFailed(cluster, "db");
            var second = foundFailed(cluster, "web");
            cluster.pass(Duration.ofMillis(500));
            cluster.decide(new Command.PassDeadline());

            assertThat(second).last().satisfies(event -> {
                assertThat(event.reason().rule()).isEqualTo(Rule.CRASH);
                assertThat(event.reason().text())
                        .startsWith("web ended with the cluster service of n1 and all that it ran: that counts once for"
                                + " group shop");
            });
            assertThat(cluster.state.resourcesOf(SHOP))
                    .extracting(
                            one -> one.status().restarts().size(),
                            one -> one.status().attempt())
                    .containsExactly(tuple(1, 2L), tuple(0, 2L));
        }
    }

    @Test
    void aRebootIsNoFailureAndClearsWhatWasCounted() {
        var cluster = Fixture.running(AT_ONCE, List.of(N1), resource("db"), resource("web"));
        cluster.decide(new Command.StartNode(N1, 2, boot("one")));
        for (int failure = 0; failure < 3; failure++) {
            foundFailedAgain(cluster, "db", failure);
        }
        cluster.decide(new Command.StartNode(N1, 3, boot("one")));
        assertThat(cluster.state.resource(id("db")).orElseThrow().status().restarts())
                .as("within one boot failures go on counting")
                .hasSize(3);

        var events = cluster.decide(new Command.StartNode(N1, 4, boot("two")));

        assertThat(events.getFirst().reason().text())
                .isEqualTo("the cluster service of n1 started for the 4th time, the first one after the reboot of n1 at"
                        + " 2026-12-01 09:59:51 UTC");
        assertThat(events)
                .extracting(event -> event.reason().text())
                .contains("db is offline by the reboot of n1 at 2026-12-01 09:59:51 UTC: it is started again, counters"
                        + " start anew");
        assertThat(cluster.state.resources().values())
                .allSatisfy(one -> assertThat(one.status().restarts()).isEmpty());
    }

    @Test
    void whatWasGivenUpIsTriedAgainAfterAReboot() {
        var once = new RestartPolicy(Action.RESTART, 0, Duration.ofMinutes(15), Duration.ZERO, Duration.ofHours(1));
        var cluster = Fixture.running(once, List.of(N1), resource("db"));
        cluster.decide(new Command.StartNode(N1, 2, boot("one")));
        foundFailed(cluster, "db");
        assertThat(cluster.state.resource(id("db")).orElseThrow().status().recovery())
                .isInstanceOf(Recovery.RetryAt.class);

        assertThat(cluster.decide(new Command.StartNode(N1, 3, boot("two"))))
                .last()
                .satisfies(event -> assertThat(event.reason().rule()).isEqualTo(Rule.REBOOT));
        assertThat(cluster.state.resource(id("db")).orElseThrow().status().recovery())
                .isEqualTo(new Recovery.None());
    }

    private static void foundFailedAgain(Fixture cluster, String name, int number) {
        see(cluster, name, ResourceState.ONLINE, 10 * number + 1);
        see(cluster, name, ResourceState.FAILED, 10 * number + 2);
        see(cluster, name, ResourceState.ONLINE, 10 * number + 3);
    }

    private static void see(Fixture cluster, String name, ResourceState seen, long sequence) {
        var attempt = cluster.state.resource(id(name)).orElseThrow().status().attempt();
        var observed = new Observed(seen, N1, sequence, 1, attempt, "", "", cluster.now, cluster.now, Conditions.NONE);
        cluster.decide(new Command.ReportResources(N1, 2, new TreeMap<>(Map.of(id(name), observed))));
    }
}
