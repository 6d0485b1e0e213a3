package dev.mainstay.service.node;

import static dev.mainstay.service.node.Samples.N1;
import static dev.mainstay.service.node.Samples.cluster;
import static dev.mainstay.service.node.Samples.web;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Dependency;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceSettings;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.core.state.RestartPolicy;
import dev.mainstay.core.state.Timing;
import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.service.monitors.MonitorSetup;
import dev.mainstay.service.node.Notices.Notice;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NoticesTest {
    private static final Set<String> DEFAULT = Set.of("default");

    private final List<String> told = new ArrayList<>();
    private final Deque<Consumer<Boolean>> underWay = new ArrayDeque<>();
    private int woken;
    private long now = 1;
    private final Notices notices = new Notices(new Telling(), () -> woken++);

    private final class Telling implements Desks {
        @Override
        public void send(String monitor, ToMonitor message) {
            throw new AssertionError(message);
        }

        @Override
        public void tell(String monitor, Notice notice, Consumer<Boolean> heard) {
            told.add("%s %s%s %s %s"
                    .formatted(monitor, notice.resource(), notice.type(), notice.code(), notice.input()));
            underWay.add(heard);
        }

        @Override
        public void need(String monitor, MonitorSetup setup) {
            throw new AssertionError(monitor);
        }

        @Override
        public void release(String monitor) {
            throw new AssertionError(monitor);
        }
    }

    private static Notice joined(String node) {
        return new Notice("", "process", "install-node", node, Map.of("node", List.of(node)));
    }

    private static Notice provider(String state) {
        return new Notice("db", "", "provider-state-change", "web", Map.of("state", List.of(state)));
    }

    private void send(Set<String> ready) {
        notices.send(ready, now);
    }

    private void answer(boolean there) {
        var heard = new ArrayList<>(underWay);
        underWay.clear();
        heard.forEach(one -> one.accept(there));
    }

    @Test
    void keepsForAMonitorThatIsAwayWhatItMissesAndTellsItInOrder() {
        notices.know("default");
        notices.toAll(List.of(joined("n2"), joined("n3")));
        send(Set.of());
        assertThat(told).isEmpty();

        send(DEFAULT);

        assertThat(told)
                .containsExactly(
                        "default process install-node {node=[n2]}", "default process install-node {node=[n3]}");
        answer(true);
        send(DEFAULT);
        assertThat(told).hasSize(2);
        assertThat(woken).isEqualTo(2);
    }

    @Test
    void repeatsOnceWhatWasUnderWayWhenTheMonitorWasLost() {
        notices.know("default");
        notices.toAll(List.of(joined("n2")));
        for (int i = 0; i < 5; i++) {
            send(DEFAULT);
            answer(false);
            send(DEFAULT);
            assertThat(underWay).as("not before the monitor is back").isEmpty();
            notices.know("default");
        }

        assertThat(told).hasSize(Notices.TRIES_MAX);
    }

    @Test
    void triesAMonitorThatWasNotThereAgainAfterAPause() {
        notices.know("default");
        notices.toAll(List.of(joined("n2")));
        send(DEFAULT);
        answer(false);
        send(DEFAULT);
        assertThat(told).hasSize(1);

        now += Notices.PAUSE.toNanos();
        send(DEFAULT);

        assertThat(told).hasSize(2);
    }

    @Test
    void hasFewUnderWayAtATimeAndSoManyWaiting() {
        notices.know("default");
        IntStream.range(0, 2 * Notices.WAITING_MAX).forEach(i -> notices.to("default", joined("n" + i)));
        send(DEFAULT);
        assertThat(told).hasSize(Notices.UNDER_WAY_MAX).first().asString().contains("n" + Notices.WAITING_MAX);

        while (!underWay.isEmpty()) {
            answer(true);
            send(DEFAULT);
        }

        assertThat(told).hasSize(Notices.WAITING_MAX);
    }

    @Test
    void tellsOfAProviderOnlyTheLatestOfWhatWaits() {
        notices.know("default");
        notices.to("default", provider("offline"));
        notices.to("default", provider("online"));
        send(DEFAULT);

        assertThat(told).containsExactly("default db provider-state-change {state=[online]}");
    }

    @Test
    void forgetsWhatIsForResourcesOfADeadMonitorAndAllForOneThatEndedInGoodOrder() {
        notices.know("default");
        notices.to("default", provider("offline"));
        notices.to("default", joined("n2"));
        notices.replaced("default");
        notices.know("default");
        send(DEFAULT);
        assertThat(told).containsExactly("default process install-node {node=[n2]}");

        notices.forget("default");
        answer(false);
        notices.to("default", joined("n3"));
        notices.know("default");
        send(DEFAULT);

        assertThat(told).hasSize(1);
    }

    @Test
    void tellsOpenDependentsOfEachNewStateOfTheirProvider() {
        var held = new HeldResources();
        var providers = new ProviderNotices(held, notices);
        notices.know("default");
        var state = dependingOn("web", "db", "cache");
        held.report("default", of("db", HeldState.OFFLINE), Instant.EPOCH);
        held.report("default", of("cache", HeldState.INITIALIZING), Instant.EPOCH);
        held.report("default", of("stranger", HeldState.ONLINE), Instant.EPOCH);

        providers.seen(web(HeldState.OFFLINE, 1, 1), state);
        send(DEFAULT);
        assertThat(told).as("first seen, so nothing changed").isEmpty();

        providers.seen(web(HeldState.ONLINE_PENDING, 2, 1), state);
        send(DEFAULT);
        providers.seen(web(HeldState.ONLINE_PENDING, 3, 1), state);
        providers.seen(web(HeldState.INITIALIZING, 4, 1), state);
        send(DEFAULT);

        assertThat(told)
                .singleElement()
                .asString()
                .startsWith("default db provider-state-change")
                .contains("provider=[web]", "state=[online pending]");
    }

    private static HeldResource of(String resource, HeldState state) {
        return new HeldResource(resource, state, 1, 1, 1, 0, "", "", 0, 0);
    }

    private static ClusterState dependingOn(String provider, String... dependents) {
        var state = cluster(N1, ResourceState.ONLINE, 1);
        var like = state.resource(new ResourceId(provider)).orElseThrow();
        for (var dependent : dependents) {
            var settings = new ResourceSettings(
                    new ResourceId(dependent),
                    like.settings().group(),
                    like.settings().type(),
                    "",
                    new TreeMap<>(),
                    new Dependency(List.of(new Dependency.AnyOf(List.of(new ResourceId(provider))))),
                    RestartPolicy.DEFAULT,
                    Timing.OF_TYPE,
                    new TreeSet<>());
            state = state.with(new Resource(settings, like.status(), 0));
        }
        return state;
    }
}
