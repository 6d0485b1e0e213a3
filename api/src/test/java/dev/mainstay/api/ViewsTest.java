package dev.mainstay.api;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The JSON of every view, as scripts read it.
///
/// `-Dmainstay.regenerate=true` writes the file again; do that for added names only.
class ViewsTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/views.txt");
    private static final Path SOURCES = Path.of("src/main/java/dev/mainstay/api");

    static List<Record> views() {
        var resource = new ResourceView(
                "web",
                "website",
                "process",
                "failed",
                "online",
                "n1",
                "2026-11-21T12:00:00.000001Z",
                "waiting for check.http",
                "ended by signal 9",
                "restart in 500 ms",
                3,
                2,
                "data and (ip4 or ip6)",
                "it ended \"by itself\"\nat noon",
                Map.of("command", List.of("/usr/sbin/größer", "-g")),
                Map.of("locked", "it is being copied"),
                "resource-web",
                "isolated until the cluster service restarts: it hung");
        var group = new GroupView(
                "website", "the shop", "pending", "online", "n1", "n2", 7, 1, "it moves", List.of(resource));
        var node = new NodeView("n1", "up", true, 4711);
        var event = new EventView(
                "12.0",
                "2026-11-21T12:00:00.000001Z",
                "ResourceFailed",
                "website",
                "web",
                "n1",
                "restart",
                "it ended",
                "ReportResource",
                "n1",
                "a report",
                Map.of("seenAtMicros", "1795305600000001"));
        var property =
                new TypeView.PropertyView("stopGrace", "duration", true, "10s", "0ms to 1d", "How long.", "at once");
        var spread = new MeasuresView.SpreadView(100, 200, 300, 400, 500_000);
        var calls = new MeasuresView.CallsView(
                "default", "process", "isAlive", 7, 1, spread, "web", "2026-11-21T12:00:00.000Z", "at a.b(C.java:1)");
        var measures = new MeasuresView(
                "default",
                "2026-11-21T12:00:00.000Z",
                true,
                List.of(calls),
                List.of(new MeasuresView.RunningView("web", "process", "online", "2026-11-21T12:00:00.000Z")),
                spread,
                9);
        return List.of(
                new ActionView("done", "group 'website' is online.", 12),
                new ControlView("resource", "web", "get-processes", "n1", "default", Map.of("pids", List.of("1", "2"))),
                new ErrorView(
                        "urn:mainstay:error:MST2001",
                        "bad input",
                        400,
                        "it is so.",
                        "MST2001",
                        "Do that.",
                        List.of(new ErrorView.Problem("web.yaml", 3, 5, "a key 'colour' does not exist.", "Drop it."))),
                event,
                group,
                measures,
                new MonitorView(
                        "resource-web",
                        "n1",
                        "ready",
                        4711,
                        "2026-11-21T12:00:00.000Z",
                        "",
                        0,
                        1,
                        "ended by signal 9",
                        "2026-11-21T11:59:00.000Z",
                        "/var/lib/mainstay/evidence/1.txt",
                        59.5,
                        "heap at most 128 MiB",
                        "",
                        List.of("web: it hung"),
                        List.of("web"),
                        List.of(),
                        measures),
                node,
                new PlanView(
                        true,
                        4,
                        List.of(new PlanView.Change(
                                "change", "resource", "web", List.of("delay: 500ms -> 0ms"), "takes effect at once"))),
                resource,
                new StatusView("shop", Long.MAX_VALUE, "n1", "n2", List.of(node), List.of(group), List.of("it hung")),
                new StopView("pending", "it ends", 12, 4711, "2026-11-21T12:00:00.010Z"),
                new TypeView(
                        "process",
                        "1.0.0",
                        "Keeps it.",
                        "5s",
                        "1min",
                        "3min",
                        "5min",
                        List.of(property),
                        List.of("network-address"),
                        "process",
                        "/usr/lib/mainstay/plugins/process.jar",
                        1,
                        true,
                        "storage",
                        List.of("local-quorum"),
                        List.of(new TypeView.OwnControl("rotate", "resource", true, List.of("keep"), "Rotates.")),
                        List.of(calls)),
                new TypesView(
                        List.of(), List.of("plugin 'acme.jar': it is not in the list"), "/var/lib/mainstay/plugins"),
                new WhyView("resource", "web", "failed", "it ended.", List.of(event)));
    }

    @Test
    void everyViewHasASample() throws Exception {
        try (Stream<Path> sources = Files.list(SOURCES)) {
            var views = sources.map(source -> source.getFileName().toString())
                    .filter(name -> name.endsWith("View.java"))
                    .map(name -> name.replace(".java", ""))
                    .toList();

            assertThat(views().stream().map(view -> view.getClass().getSimpleName()))
                    .containsExactlyElementsOf(new TreeSet<>(views));
        }
    }

    @ParameterizedTest
    @MethodSource("views")
    void comesBackAsItWent(Record view) {
        assertThat(JsonText.read(view.getClass(), JsonText.line(view))).isEqualTo(view);
        assertThat(JsonText.read(view.getClass(), JsonText.of(view))).isEqualTo(view);
    }

    @ParameterizedTest
    @MethodSource("views")
    void listsComeBackAsTheyWent(Record view) {
        assertThat(listed(view.getClass(), view)).isEqualTo(List.of(view, view));
    }

    @ParameterizedTest
    @MethodSource("views")
    void namesOfANewerServiceAreIgnored(Record view) {
        var newer = JsonText.line(view).replaceFirst("\\{", "{\"added\":{\"later\":[1,2]},");

        assertThat(JsonText.read(view.getClass(), newer)).isEqualTo(view);
    }

    @ParameterizedTest
    @MethodSource("views")
    void halfAnAnswerIsNoView(Record view) {
        var json = JsonText.line(view);
        for (int length = 1; length < json.length(); length++) {
            var half = json.substring(0, length);

            assertThatThrownBy(() -> JsonText.read(view.getClass(), half))
                    .as(half)
                    .isInstanceOf(RuntimeException.class);
        }
    }

    @Test
    void everyViewIsWrittenAsBefore() throws Exception {
        var lines = views().stream()
                .map(view -> view.getClass().getSimpleName() + " " + JsonText.line(view))
                .collect(joining("\n", "", "\n"));
        if (Boolean.getBoolean("mainstay.regenerate")) {
            Files.writeString(GOLDEN, lines);
        }

        assertThat(lines).isEqualTo(Files.readString(GOLDEN));
    }

    private static <V> List<V> listed(Class<V> type, Object view) {
        var json = JsonText.of(type, List.of(type.cast(view), type.cast(view)));
        return JsonText.readList(type, json);
    }
}
