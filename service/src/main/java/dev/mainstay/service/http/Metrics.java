package dev.mainstay.service.http;

import dev.mainstay.api.MonitorView;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.protocol.ToService.Measures;
import dev.mainstay.protocol.ToService.Measures.Spread;
import dev.mainstay.service.http.MonitorDesk.Measured;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What the node tells whoever collects metrics, in the text format 0.0.4 of Prometheus.
///
/// **Threads:** any. **Time:** a second at most: monitors are asked when this is asked.
final class Metrics {
    private static final double MICROS_PER_SECOND = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double BYTES_PER_MIB = 1 << 20;

    private final Surroundings surroundings;
    private final long startedNanos = System.nanoTime();
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();

    Metrics(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    Reply scrape() throws InterruptedException {
        var families = new ArrayList<MetricFamily>();
        families.addAll(ofNode());
        families.addAll(ofMonitors(surroundings.monitors().all()));
        var measured = surroundings.monitors().measures();
        families.addAll(ofMeasures(measured));
        families.addAll(ofCalls(measured));
        families.addAll(ofRunning(measured));
        var bytes = new ByteArrayOutputStream();
        try {
            writer.write(
                    bytes,
                    new MetricSnapshots(
                            families.stream().map(MetricFamily::snapshot).toList()));
        } catch (IOException memoryHasNoTrouble) {
            throw new UncheckedIOException(memoryHasNoTrouble);
        }
        return new Reply.Text(PrometheusTextFormatWriter.CONTENT_TYPE, bytes.toString(StandardCharsets.UTF_8));
    }

    private List<MetricFamily> ofNode() {
        var node = surroundings.node();
        var cluster = surroundings.cluster();
        var families = new ArrayList<MetricFamily>();
        families.add(MetricFamily.gauge("mainstay_service_uptime_seconds", "time since the API of the service began")
                .with((System.nanoTime() - startedNanos) / NANOS_PER_SECOND, "node", node.value()));
        boolean joined = surroundings.joined().getAsBoolean();
        families.add(MetricFamily.gauge(
                        "mainstay_service_joined", "whether the cluster has taken note of this start of the node")
                .with(flag(joined), "node", node.value()));
        families.add(MetricFamily.gauge("mainstay_leader", "whether this node leads the cluster")
                .with(flag(cluster.leader().filter(node::equals).isPresent()), "node", node.value()));
        if (!joined) {
            // What is replayed in part was never so.
            return families;
        }
        var state = cluster.state();
        families.add(MetricFamily.gauge("mainstay_state_revision", "revision of the cluster state applied here")
                .with((double) state.revision()));
        var up = MetricFamily.gauge("mainstay_node_up", "whether a node of the cluster is up");
        state.nodes()
                .forEach((id, one) ->
                        up.with(flag(one.state() == dev.mainstay.core.state.Node.State.UP), "node", id.value()));
        families.add(up);
        Map<ResourceState, Integer> counts = new EnumMap<>(ResourceState.class);
        state.resources()
                .values()
                .forEach(one -> counts.merge(one.status().observed().state(), 1, Integer::sum));
        var resources = MetricFamily.gauge("mainstay_resources", "resources of the cluster by state");
        for (var one : ResourceState.values()) {
            resources.with(counts.getOrDefault(one, 0), "state", words(one));
        }
        families.add(resources);
        families.add(MetricFamily.gauge(
                        "mainstay_resources_last_known",
                        "resources of which only the last known state is shown: their monitor is not there to say")
                .with((double) state.resources().values().stream()
                        .filter(one -> Views.lastKnown(state, one, surroundings.monitors())
                                .isPresent())
                        .count()));
        return families;
    }

    private static List<MetricFamily> ofMonitors(List<MonitorView> monitors) {
        var ready = MetricFamily.gauge("mainstay_monitor_ready", "whether a resource monitor is connected");
        var state = MetricFamily.gauge("mainstay_monitor_state", "1 for the state that a resource monitor is in");
        var crashes = MetricFamily.gauge(
                "mainstay_monitor_crashes", "how often a resource monitor ended unasked within the last hour");
        var memory = MetricFamily.gauge("mainstay_monitor_memory_bytes", "resident memory of a resource monitor");
        var hosted = MetricFamily.gauge("mainstay_monitor_resources", "resources that a resource monitor hosts");
        for (var one : monitors) {
            ready.with(flag(one.state().equals("ready")), "monitor", one.name());
            state.with(1, "monitor", one.name(), "state", one.state());
            crashes.with(one.crashes(), "monitor", one.name());
            memory.with(one.memoryMib() * BYTES_PER_MIB, "monitor", one.name());
            hosted.with(one.resources().size(), "monitor", one.name());
        }
        return List.of(ready, state, crashes, memory, hosted);
    }

    private static List<MetricFamily> ofMeasures(List<Measured> all) {
        var fresh = MetricFamily.gauge(
                "mainstay_monitor_measures_fresh",
                "whether a monitor answered this scrape; otherwise its figures are those it told last");
        var age = MetricFamily.gauge("mainstay_monitor_measures_age_seconds", "how old the figures of a monitor are");
        var late = MetricFamily.summary("mainstay_poll_late_seconds", "by how much checks began later than planned");
        var latest = MetricFamily.gauge("mainstay_poll_late_max_seconds", "by how much a check began late at most");
        for (var one : all) {
            fresh.with(flag(one.fresh()), "monitor", one.monitor());
            age.with(one.fresh() ? 0 : seconds(one.age()), "monitor", one.monitor());
            summarize(late, one.measures().polls(), one.measures().pollsLate(), "monitor", one.monitor());
            latest.with(one.measures().pollsLate().max() / MICROS_PER_SECOND, "monitor", one.monitor());
        }
        return List.of(fresh, age, late, latest);
    }

    private static List<MetricFamily> ofCalls(List<Measured> all) {
        var durations = MetricFamily.summary(
                "mainstay_entry_point_seconds", "how long calls of entry points took since the start of the monitor");
        var longest = MetricFamily.gauge("mainstay_entry_point_max_seconds", "the longest call of an entry point");
        var slow =
                MetricFamily.counter("mainstay_entry_point_slow_calls", "calls of entry points that took over 300 ms");
        for (var one : all) {
            for (var call : one.measures().calls()) {
                var labels = new String[] {"monitor", one.monitor(), "type", call.type(), "call", call.call()};
                summarize(durations, call.count(), call.durations(), labels);
                longest.with(call.durations().max() / MICROS_PER_SECOND, labels);
                slow.with((double) call.slow(), labels);
            }
        }
        return List.of(durations, longest, slow);
    }

    private static List<MetricFamily> ofRunning(List<Measured> all) {
        var running = MetricFamily.gauge("mainstay_entry_point_running", "calls of entry points under way");
        var oldest = MetricFamily.gauge(
                "mainstay_entry_point_running_longest_seconds", "for how long the oldest call under way runs");
        for (var one : all) {
            Map<List<String>, List<Measures.RunningCall>> byEntryPoint =
                    new TreeMap<>((left, right) -> String.join(" ", left).compareTo(String.join(" ", right)));
            for (var call : one.measures().running()) {
                byEntryPoint
                        .computeIfAbsent(List.of(call.type(), call.call()), _ -> new ArrayList<>())
                        .add(call);
            }
            byEntryPoint.forEach((key, calls) -> {
                var labels = new String[] {"monitor", one.monitor(), "type", key.getFirst(), "call", key.getLast()};
                running.with(calls.size(), labels);
                long since = calls.stream()
                        .mapToLong(Measures.RunningCall::sinceMicros)
                        .min()
                        .orElse(0);
                var lasted = Duration.between(Instant.EPOCH.plus(since, ChronoUnit.MICROS), one.at());
                oldest.with(Math.max(0, seconds(lasted.plus(one.age()))), labels);
            });
        }
        return List.of(running, oldest);
    }

    private static void summarize(MetricFamily family, long count, Spread spread, String... labels) {
        var quantiles = new TreeMap<Double, Double>();
        if (count > 0) {
            quantiles.put(0.5, spread.p50() / MICROS_PER_SECOND);
            quantiles.put(0.9, spread.p90() / MICROS_PER_SECOND);
            quantiles.put(0.99, spread.p99() / MICROS_PER_SECOND);
            quantiles.put(0.999, spread.p999() / MICROS_PER_SECOND);
        }
        family.with(count, quantiles, labels);
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }

    private static int flag(boolean holds) {
        return holds ? 1 : 0;
    }

    private static String words(ResourceState state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
