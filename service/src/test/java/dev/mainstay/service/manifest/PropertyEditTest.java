package dev.mainstay.service.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.mainstay.api.ErrorView.Problem;
import dev.mainstay.api.PlanView;
import dev.mainstay.core.decision.Command;
import dev.mainstay.core.decision.Decider;
import dev.mainstay.core.decision.Decision;
import dev.mainstay.core.event.Cause;
import dev.mainstay.core.event.Evolution;
import dev.mainstay.core.event.LogEntry;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Observed;
import dev.mainstay.core.state.RegisteredType;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.core.state.TypeName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PropertyEditTest {
    private static final NodeId N1 = new NodeId("n1");
    private static final Instant NOW = Instant.parse("2026-12-01T10:00:00Z");
    private static final ResourceId FRONT = new ResourceId("front");
    private ClusterState state = ClusterState.empty("test");

    PropertyEditTest() {
        decide(new Command.StartNode(N1, 1));
        decide(new Command.RegisterTypes(SampleTypes.all().keySet().stream()
                .map(name -> new RegisteredType(new TypeName(name), "1", Duration.ofMinutes(3)))
                .toList()));
        decide(Plan.of(manifest("shop"), state, SampleTypes.all()).command());
        observed(ResourceState.ONLINE);
    }

    @Test
    void saysForEachPropertyWhenItTakesEffect() {
        var change = good(Map.of("title", "Shop 2", "colour", "red", "threads", "4"), List.of());

        assertThat(change.details())
                .containsExactly(
                        "colour: (not set) -> red (at the next online)",
                        "threads: (not set) -> 4 (after a restart:  mainstay resource restart front)",
                        "title: shop -> Shop 2 (at once)");
        assertThat(change.consequence())
                .isEqualTo("takes effect after a restart, which should be soon:  mainstay resource restart front");
        assertThat(good(Map.of("title", "a"), List.of()).consequence())
                .isEqualTo("takes effect at once, without a restart");
        assertThat(good(Map.of("colour", "a"), List.of()).consequence())
                .isEqualTo("takes effect at the next online; what runs goes on as it was started");
    }

    @Test
    void usesTheSameWordsAsAPlan() {
        var planned =
                Plan.of(manifest("Shop 2"), state, SampleTypes.all()).view().changes();

        assertThat(planned).containsExactly(good(Map.of("title", "Shop 2"), List.of()));
    }

    @Test
    void saysNothingOfEffectsWhenNothingRuns() {
        observed(ResourceState.OFFLINE);

        var change = good(Map.of("threads", "4"), List.of("title"));

        assertThat(change.details()).containsExactly("threads: (not set) -> 4", "title: shop -> (not set)");
        assertThat(change.consequence()).isEqualTo("takes effect at once; nothing of it runs");
    }

    @Test
    void refusesWithTheWordsOfAManifest() {
        assertThat(broken("front", Map.of("tilte", "x"), List.of("colr")))
                .extracting(Problem::message)
                .containsExactly("'tilte' is not a property of type 'site'", "'colr' is not a property of type 'site'");
        assertThat(broken("web", Map.of("logFiles", "0", "stopGrace", "10"), List.of("command")))
                .extracting(Problem::message)
                .containsExactlyInAnyOrder(
                        "'logFiles' of resource 'web' is 0",
                        "'stopGrace' of resource 'web': '10' has no unit",
                        "resource 'web' would have no property 'command', which type 'process' needs");
    }

    @Test
    void saysHowAListAndAMapAreWrittenInACommand() {
        assertThat(broken("web", Map.of("command", "[/bin/web"), List.of()))
                .extracting(Problem::message, Problem::advice)
                .containsExactly(
                        tuple("'command' is '[/bin/web'", "Write a list: [one, two], in quotes of the shell."));
        assertThat(broken("web", Map.of("environment", "3"), List.of()))
                .extracting(Problem::message, Problem::advice)
                .containsExactly(
                        tuple("'environment' is '3'", "Write a mapping: {key: value}, in quotes of the shell."));
        assertThat(broken("web", Map.of("check", "{http: x}"), List.of()))
                .extracting(Problem::advice)
                .containsExactly("Use one of: check.command, check.http, check.timeout.");
    }

    @Test
    void readsListsAndMapsAsAManifestDoes() {
        var web = state.resource(new ResourceId("web")).orElseThrow();

        var edit = PropertyEdit.of(
                state,
                web,
                Map.of("command", "[/bin/web, -g, a b]", "environment", "{A: 1}", "check.http", "http://x"),
                List.of(),
                SampleTypes.all());

        assertThat(edit)
                .isInstanceOfSatisfying(
                        PropertyEdit.Good.class,
                        good -> assertThat(good.settings().properties())
                                .containsEntry("command", List.of("/bin/web", "-g", "a b"))
                                .containsEntry("environment", List.of("A=1"))
                                .containsEntry("check.http", List.of("http://x")));
    }

    private PlanView.Change good(Map<String, String> set, List<String> unset) {
        var present = state.resource(FRONT).orElseThrow();
        if (PropertyEdit.of(state, present, set, unset, SampleTypes.all()) instanceof PropertyEdit.Good good) {
            return good.plan().described().getFirst();
        }
        throw new AssertionError("refused");
    }

    private List<Problem> broken(String resource, Map<String, String> set, List<String> unset) {
        var present = state.resource(new ResourceId(resource)).orElseThrow();
        if (PropertyEdit.of(state, present, set, unset, SampleTypes.all()) instanceof PropertyEdit.Broken broken) {
            return broken.problems();
        }
        throw new AssertionError("accepted");
    }

    private static Manifest manifest(String title) {
        var text = """
                groups:
                  shop:
                    resources:
                      ip: {type: address, properties: {address: 10.0.0.1}}
                      data: {type: script, properties: {scriptFilePath: /bin/data}}
                      web: {type: process, properties: {command: [/bin/web]}}
                      front: {type: site, dependsOn: ip and data, properties: {title: %s}}
                """.formatted(title);
        if (ManifestReader.read("m", text.getBytes(StandardCharsets.UTF_8), SampleTypes.all(), Map.of())
                instanceof Reading.Good good) {
            return good.manifest();
        }
        throw new AssertionError("broken");
    }

    private void observed(ResourceState seen) {
        var status = state.resource(FRONT).orElseThrow().status();
        var observed = new Observed(seen, N1, status.observed().sequence() + 1, 1, status.attempt(), "", "", NOW, NOW);
        decide(new Command.ReportResources(N1, 1, new TreeMap<>(Map.of(FRONT, observed))));
    }

    private void decide(Command command) {
        if (Decider.decide(state, command, NOW) instanceof Decision.Accepted accepted) {
            var decided = new LogEntry.Decided(new Cause("", "", "", ""), accepted.events());
            state = Evolution.apply(state, new LogEntry(state.revision(), NOW, List.of(decided)));
        } else {
            throw new AssertionError(command + " was refused");
        }
    }
}
