package dev.mainstay.service.http;

import dev.mainstay.api.MonitorView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// A node with its default monitor, which hosts everything; keeps what it is asked to do.
final class SampleMonitors implements MonitorDesk {
    private final List<String> asked = new CopyOnWriteArrayList<>();

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
                List.of()));
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
    public boolean restart(String monitor) {
        asked.add("restart " + monitor);
        return true;
    }

    @Override
    public Debugging debug(String resource, boolean begins, String actor) {
        asked.add("%s %s for %s".formatted(begins ? "debug" : "no longer debug", resource, actor));
        return new Debugging("debug-" + resource, begins);
    }
}
