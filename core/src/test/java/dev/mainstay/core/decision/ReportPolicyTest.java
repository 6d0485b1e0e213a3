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
import dev.mainstay.core.state.Causes;
import dev.mainstay.core.state.Observed;
import dev.mainstay.core.state.Reason.Rule;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceState;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A report of what stops says why.
class ReportPolicyTest {
    private final Fixture cluster = Fixture.running(
            AT_ONCE,
            List.of(N1, N2),
            resource("zz-ip"),
            resource("mount", "zz-ip"),
            resource("db", "mount"),
            resource("app", "db"));
    private final TreeMap<ResourceId, Observed> reports = new TreeMap<>();
    private long sequence = 100;

    @BeforeEach
    void everythingIsOnline() {
        List.of("zz-ip", "mount", "db", "app").forEach(name -> seen(name, ResourceState.ONLINE, ""));
        report();
    }

    private void seen(String name, ResourceState state, String words) {
        var pending = state == ResourceState.OFFLINE_PENDING;
        var seen = new Observed(
                state, N1, ++sequence, 1, 1, pending ? words : "", pending ? "" : words, cluster.now, cluster.now);
        reports.put(id(name), seen);
    }

    private List<Event> report() {
        var events = cluster.decide(new Command.ReportResources(N1, 1, new TreeMap<>(reports)));
        reports.clear();
        return events;
    }

    private static String words(List<Event> events, String name) {
        return events.stream()
                .filter(event -> event instanceof Event.ResourceObserved seen
                        && seen.resource().equals(id(name)))
                .map(event -> event.reason().text())
                .findFirst()
                .orElse("");
    }

    /// The failure may come behind its consequence, by the order of names, and in between all is online still.
    @Test
    void followsWhatIsNeededToWhereItFailed() {
        seen("zz-ip", ResourceState.FAILED, "address 10.9.8.7 was removed from 'eth0'\nand much more");
        seen("app", ResourceState.OFFLINE_PENDING, "SIGINT sent");

        var events = report();

        assertThat(words(events, "app"))
                .isEqualTo(
                        "app is offline pending on n1: SIGINT sent, because zz-ip, which it needs by way of db, failed"
                                + " (address 10.9.8.7 was removed from 'eth0')");
        assertThat(events.getFirst().reason().rule()).isEqualTo(Rule.PROVIDER);
        assertThat(cluster.state
                        .resource(id("db"))
                        .map(new Causes(cluster.state)::lacking)
                        .orElseThrow())
                .hasValue("zz-ip, which it needs by way of mount, failed (address 10.9.8.7 was removed from 'eth0')");
    }

    @Test
    void namesTheCommandThatStoppedWhatIsNeeded() {
        cluster.decide(new Command.RestartResource(id("mount"), false));
        seen("app", ResourceState.OFFLINE, "");

        assertThat(words(report(), "app"))
                .isEqualTo("app is offline on n1, because mount, which it needs by way of db, is restarted by command");
    }

    @Test
    void namesTheCommandThatStopsTheResourceItself() {
        cluster.decide(new Command.OfflineResource(id("app"), false));
        seen("app", ResourceState.OFFLINE_PENDING, "");
        assertThat(words(report(), "app")).isEqualTo("app is offline pending on n1, because it was commanded offline");

        cluster.decide(new Command.MoveGroup(SHOP, N2, false));
        seen("db", ResourceState.OFFLINE_PENDING, "");
        assertThat(words(report(), "db")).isEqualTo("db is offline pending on n1, because its group moves to n2");

        cluster.decide(new Command.StopCluster());
        seen("mount", ResourceState.OFFLINE_PENDING, "");
        assertThat(words(report(), "mount"))
                .isEqualTo("mount is offline pending on n1, because the cluster is being stopped");
    }

    @Test
    void saysNothingMoreOfWhatFailedOrComesOnline() {
        seen("app", ResourceState.FAILED, "exit code 3");

        assertThat(report())
                .extracting(
                        event -> event.reason().rule(), event -> event.reason().text())
                .contains(tuple(Rule.REPORTED, "app is failed on n1: exit code 3"));
    }
}
