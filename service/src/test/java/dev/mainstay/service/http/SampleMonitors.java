package dev.mainstay.service.http;

import dev.mainstay.api.MonitorView;
import dev.mainstay.protocol.ToService.ControlDone;
import dev.mainstay.protocol.ToService.ControlDone.Result;
import dev.mainstay.protocol.ToService.Measures;
import dev.mainstay.protocol.ToService.Measures.CallMeasure;
import dev.mainstay.protocol.ToService.Measures.RunningCall;
import dev.mainstay.protocol.ToService.Measures.Spread;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/// A node with its default monitor, which hosts everything; keeps what it is asked to do.
final class SampleMonitors implements MonitorDesk {
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> silent = new CopyOnWriteArrayList<>();

    /// From now on the monitor of this resource does not answer.
    void silent(String resource) {
        silent.add(resource);
    }

    List<String> asked() {
        return new ArrayList<>(asked);
    }

    @Override
    public List<MonitorView> all() {
        return List.of(new MonitorView(
                "default",
                ObedientCluster.NODE.value(),
                "ready",
                4711,
                "2026-11-21T12:00:00.000Z",
                "",
                0,
                1,
                "ended by signal 9",
                "2026-11-21T11:59:59.000Z",
                "",
                59.5,
                "heap at most 128 MiB",
                "",
                List.of(),
                List.of("web"),
                List.of("plugin 'acme.jar': file 'acme.jar' is not in the list 'allowed'"),
                null));
    }

    @Override
    public List<String> notices() {
        return List.of("resource 'web': isolated until the cluster service restarts: it hung");
    }

    @Override
    public Optional<Place> placeOf(String resource) {
        return Optional.of(new Place("default", ""));
    }

    @Override
    public Optional<String> lastKnown(String resource, String owner) {
        return silent.contains(resource)
                ? Optional.of("monitor 'default' is not answering since 12:00:00")
                : Optional.empty();
    }

    @Override
    public boolean restart(String monitor) {
        asked.add("restart " + monitor);
        return true;
    }

    @Override
    public Debugging debug(String resource, boolean begins, String actor) {
        asked.add("%s %s for %s".formatted(begins ? "debug" : "no longer debug", resource, actor));
        return new Debugging("debug-" + resource, begins);
    }

    @Override
    public CompletableFuture<ControlDone> ask(
            String monitor,
            String resource,
            String type,
            String code,
            Map<String, List<String>> input,
            Duration limit) {
        asked.add("%s of %s/%s in %s with %s".formatted(code, resource, type, monitor, input));
        return switch (code) {
            case "hang" -> new CompletableFuture<>();
            case "get-proceses" ->
                done(
                        Result.NOT_SUPPORTED,
                        "control '%s' of resource '%s': there is no such control. Did you mean"
                                        .formatted(code, resource)
                                + " 'get-processes'?");
            case "delete" -> done(Result.FAILED, "control 'delete' of resource 'web': it is a notice");
            default ->
                CompletableFuture.completedFuture(
                        new ControlDone(1, Result.DONE, Map.of("pids", List.of("4711", "4712")), ""));
        };
    }

    private static CompletableFuture<ControlDone> done(Result result, String error) {
        return CompletableFuture.completedFuture(new ControlDone(1, result, Map.of(), error));
    }

    @Override
    public List<Measured> measures() {
        var spread = new Spread(120, 250, 900, 1_500, 450_000);
        return List.of(new Measured(
                "default",
                Instant.parse("2026-11-21T12:00:00Z"),
                Duration.ofSeconds(9),
                false,
                new Measures(
                        1,
                        List.of(
                                new CallMeasure(
                                        "process", "isAlive", 12, 1, spread, "web", 1_000_000, "at a.B.c(B.java:7)"),
                                new CallMeasure("odd \"type\"", "online", 0, 0, new Spread(0, 0, 0, 0, 0), "", 0, "")),
                        List.of(new RunningCall("web", "process", "online", 1_000_000)),
                        spread,
                        40)));
    }
}
