package dev.mainstay.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.EventView;
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
        var web = new ResourceSettings(
                WEB,
                group.id(),
                new TypeName("process"),
                "",
                new TreeMap<>(),
                Dependency.NONE,
                RestartPolicy.DEFAULT,
                Timing.OF_TYPE,
                new TreeSet<>());
        var command = new Command.Configure(List.of(new Change.PutGroup(group, true), new Change.PutResource(web)), -1);
        cluster.submit(new Request("1", "user anna", "apply", command, false)).join();
    }

    private void fact(String event, String actor, String text, Map<String, String> fields) {
        facts.add(new EventView(
                String.valueOf(facts.size() + 1),
                "2026-01-01T12:00:0%d.000000Z".formatted(facts.size()),
                event,
                "shop",
                "web",
                "n1",
                "REPORTED",
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
                return kind.equals("resource") ? facts : List.of();
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
                .contains("is online since 12:00:00 UTC")
                .endsWith("; it failed at 2026-01-01 12:00:01 UTC (exit code 3),"
                        + " then: restart 1 of 3 within 15min, at once");
    }
}
