package dev.mainstay.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.EventView;
import dev.mainstay.api.WhyView;
import dev.mainstay.core.decision.Command;
import dev.mainstay.core.decision.Command.Change;
import dev.mainstay.core.state.Dependency;
import dev.mainstay.core.state.GroupId;
import dev.mainstay.core.state.GroupSettings;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceSettings;
import dev.mainstay.core.state.RestartPolicy;
import dev.mainstay.core.state.Timing;
import dev.mainstay.core.state.TypeName;
import dev.mainstay.service.control.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class WhyTest {
    private static final ResourceId WEB = new ResourceId("web");
    private final ObedientCluster cluster = new ObedientCluster();
    private final List<EventView> facts = new ArrayList<>();

    private void configure() {
        var group = new GroupSettings(
                new GroupId("shop"), "", List.of(), GroupSettings.OTHER_NODES, GroupSettings.DEFAULT_FAILOVER_PERIOD);
        var web = resource(WEB, Dependency.NONE);
        var command = new Command.Configure(List.of(new Change.PutGroup(group, true), new Change.PutResource(web)), -1);
        cluster.submit(new Request("1", "user anna", "apply", command, false)).join();
    }

    private static ResourceSettings resource(ResourceId id, Dependency dependency) {
        return new ResourceSettings(
                id,
                new GroupId("shop"),
                new TypeName("process"),
                "",
                new TreeMap<>(),
                dependency,
                RestartPolicy.DEFAULT,
                Timing.OF_TYPE,
                new TreeSet<>());
    }

    private void fact(String event, String actor, String text, Map<String, String> fields) {
        fact("web", "REPORTED", event, actor, text, fields);
    }

    private void fact(
            String resource, String rule, String event, String actor, String text, Map<String, String> fields) {
        facts.add(new EventView(
                String.valueOf(facts.size() + 1),
                "2026-01-01T12:00:0%d.000000Z".formatted(facts.size()),
                event,
                "shop",
                resource,
                "n1",
                rule,
                text,
                "",
                actor,
                "cause " + actor,
                fields));
    }

    private Facts journal() {
        return new Facts() {
            @Override
            public List<EventView> after(String id, int limit) {
                return facts;
            }

            @Override
            public List<EventView> latest(int limit) {
                return facts;
            }

            @Override
            public List<EventView> about(String kind, String name, int limit) {
                return facts.stream()
                        .filter(fact -> (kind.equals("resource") ? fact.resource() : fact.group()).equals(name))
                        .toList();
            }

            @Override
            public boolean awaitAfter(String id, Duration limit) {
                return false;
            }
        };
    }

    @Test
    void keepsOneReportOfAStateThatOnlyMovesItsCheckpoint() {
        configure();
        fact("ResourceWanted", "user anna", "commanded online", Map.of());
        fact("ResourceObserved", "node n1", "online pending: step 1", Map.of("state", "ONLINE_PENDING"));
        fact("ResourceObserved", "node n1", "online pending: step 2", Map.of("state", "ONLINE_PENDING"));
        fact("ResourceObserved", "node n1", "online pending: step 3", Map.of("state", "ONLINE_PENDING"));
        fact("ResourceObserved", "node n1", "online", Map.of("state", "ONLINE"));

        var why = new Why(cluster.state(), journal(), new SampleMonitors(), UnaryOperator.identity())
                .of(cluster.state().resource(WEB).orElseThrow());

        assertThat(why.chain())
                .extracting(EventView::text)
                .containsExactly("commanded online", "online pending: step 3", "online");
    }

    @Test
    void namesEvidenceAndRuleOfTheLastFailureOfAResourceThatIsWellAgain() {
        configure();
        fact("ResourceWanted", "user anna", "commanded online", Map.of());
        fact("ResourceFailed", "node n1", "web failed", Map.of("state", "FAILED", "detail", "exit code 3"));
        fact("AttemptPermitted", "node n1", "restart 1 of 3 within 15min, at once", Map.of());
        fact("ResourceObserved", "node n1", "online", Map.of("state", "ONLINE"));

        var why = new Why(cluster.state(), journal(), new SampleMonitors(), UnaryOperator.identity())
                .of(cluster.state().resource(WEB).orElseThrow());

        assertThat(why.sentence())
                .contains("is online since 2026-01-01 12:00:00 UTC")
                .endsWith("; it failed at 2026-01-01 12:00:01 UTC (exit code 3),"
                        + " then: restart 1 of 3 within 15min, at once");
    }

    private void configureAddress() {
        configure();
        var ip = resource(new ResourceId("zz-ip"), Dependency.NONE);
        var mount = resource(new ResourceId("mount"), needs(ip));
        var web = resource(WEB, needs(mount));
        var command = new Command.Configure(
                List.of(new Change.PutResource(ip), new Change.PutResource(mount), new Change.PutResource(web)), -1);
        cluster.submit(new Request("2", "user anna", "apply", command, false)).join();
    }

    private static Dependency needs(ResourceSettings provider) {
        return new Dependency(List.of(new Dependency.AnyOf(List.of(provider.id()))));
    }

    private void removeTheAddress() {
        fact("ResourceWanted", "user anna", "commanded online", Map.of());
        fact(
                "zz-ip",
                "REPORTED",
                "ResourceFailed",
                "node n1",
                "zz-ip is failed on n1: removed",
                Map.of("detail", "removed"));
        fact("zz-ip", "RESTART", "RestartScheduled", "node n1", "restart 1 of 3, after 500 ms", Map.of());
        fact(
                "web",
                "PROVIDER",
                "ResourceObserved",
                "node n1",
                "web is offline pending on n1: SIGINT sent, because zz-ip, which it needs by way of mount, failed (removed)",
                Map.of("state", "OFFLINE_PENDING"));
        fact("mount", "REPORTED", "ResourceObserved", "node n1", "mount is online on n1", Map.of("state", "ONLINE"));
        fact("ResourceObserved", "node n1", "web is online on n1", Map.of("state", "ONLINE"));
    }

    private WhyView why() {
        return new Why(cluster.state(), journal(), new SampleMonitors(), UnaryOperator.identity())
                .of(cluster.state().resource(WEB).orElseThrow());
    }

    @Test
    void followsWhatAResourceNeedsToWhereItBegan() {
        configureAddress();
        removeTheAddress();

        assertThat(why().sentence())
                .endsWith("; it was stopped at 2026-01-01 12:00:03 UTC because zz-ip, which it needs by way of mount,"
                        + " failed (removed), then: restart 1 of 3, after 500 ms");
        assertThat(why().chain())
                .as("what providers did that concerns no dependent is left out")
                .extracting(EventView::resource)
                .containsExactly("web", "zz-ip", "zz-ip", "web", "web");
    }

    @Test
    void theHistorySurvivesAReset() {
        configureAddress();
        removeTheAddress();
        fact("RestartsForgotten", "user anna", "an operator had the failures of web forgotten", Map.of());
        fact("AttemptPermitted", "user anna", "it is tried again", Map.of());

        assertThat(why().chain()).first().extracting(EventView::text).isEqualTo("commanded online");
        assertThat(why().sentence()).contains("it was stopped at 2026-01-01 12:00:03 UTC because zz-ip");
    }

    @Test
    void showsEachResourceBehindWhatItNeeds() {
        configureAddress();

        assertThat(DependencyOrder.of(cluster.state().resourcesOf(new GroupId("shop"))))
                .extracting(one -> one.settings().id().value())
                .containsExactly("zz-ip", "mount", "web");
    }
}
