package dev.mainstay.bench;

import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import dev.mainstay.protocol.WireCodec.MalformedException;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// What one resource monitor can do: calls of an entry point per second and their round trip, and what it costs to
/// poll ten thousand resources.
final class Calling {
    private static final int RESOURCES = 100;
    private static final int WARM_UP = 30_000;
    private static final int ONE_AT_A_TIME = 20_000;
    private static final int PIPELINED = 100_000;
    private static final int WINDOW = 120;
    private static final int RUNS = 5;

    private static final int POLLED = 10_000;
    private static final int OPENED_AT_ONCE = 200;
    private static final Duration SETTLING = Duration.ofSeconds(20);
    private static final Duration POLLING = Duration.ofSeconds(60);

    private static final long LIMIT_MILLIS = 10_000;

    private Calling() {}

    static Map<String, Double> run(Installation installation) throws Exception {
        var command = HostingMonitor.commandOf(installation);
        var figures = new LinkedHashMap<>(calls(command));
        figures.putAll(polls(command));
        return figures;
    }

    /// @param command the product's own command line of a monitor
    static Map<String, Double> calls(List<String> command) throws Exception {
        var figures = new LinkedHashMap<String, Double>();
        try (var monitor = HostingMonitor.start(command)) {
            monitor.host(0, RESOURCES, true);
            pipelined(monitor, WARM_UP);
            roundTrips(monitor, figures);
            throughput(monitor, figures);
        }
        return figures;
    }

    /// @param command the product's own command line of a monitor
    static Map<String, Double> polls(List<String> command) throws Exception {
        var figures = new LinkedHashMap<String, Double>();
        try (var monitor = HostingMonitor.start(command)) {
            polled(monitor, figures);
        }
        return figures;
    }

    private static void roundTrips(HostingMonitor monitor, Map<String, Double> figures) throws Exception {
        var micros = new double[ONE_AT_A_TIME];
        for (int i = 0; i < ONE_AT_A_TIME; i++) {
            long began = System.nanoTime();
            send(monitor, i);
            monitor.flush();
            answer(monitor);
            micros[i] = (System.nanoTime() - began) / 1e3;
        }
        figures.put("call_p50_us", Figures.median(micros));
        figures.put("call_p99_us", Figures.percentile(micros, 0.99));
        System.out.printf(
                "monitor: %d controls one at a time, from the service and back: p50 %.0f us, p99 %.0f us%n",
                ONE_AT_A_TIME, Figures.median(micros), Figures.percentile(micros, 0.99));
    }

    private static void throughput(HostingMonitor monitor, Map<String, Double> figures) throws Exception {
        var perSecond = new double[RUNS];
        for (int run = 0; run < RUNS; run++) {
            double cpu = Processes.cpuSeconds(monitor.pid());
            long began = System.nanoTime();
            pipelined(monitor, PIPELINED);
            perSecond[run] = PIPELINED / ((System.nanoTime() - began) / 1e9);
            cpu = Processes.cpuSeconds(monitor.pid()) - cpu;
            System.out.printf(
                    "monitor: %d controls, at most %d under way, over %d resources: %.0f a second, %.1f us of CPU each%n",
                    PIPELINED, WINDOW, RESOURCES, perSecond[run], cpu * 1e6 / PIPELINED);
        }
        figures.put("calls_per_s", Figures.median(perSecond));
    }

    /// Fills half a window at a time, so that both sides have something to do.
    private static void pipelined(HostingMonitor monitor, int calls) throws IOException, MalformedException {
        int sent = 0;
        for (int answered = 0; answered < calls; answered++) {
            if (sent - answered <= WINDOW / 2 && sent < calls) {
                int until = Math.min(calls, answered + WINDOW);
                while (sent < until) {
                    send(monitor, sent++);
                }
                monitor.flush();
            }
            answer(monitor);
        }
    }

    private static void send(HostingMonitor monitor, int number) throws IOException {
        monitor.send(new ToMonitor.Control(number, "r" + number % RESOURCES, "", "get-name", Map.of(), LIMIT_MILLIS));
    }

    private static void answer(HostingMonitor monitor) throws IOException, MalformedException {
        while (true) {
            if (monitor.read() instanceof ToService.ControlDone done) {
                if (done.result() != ToService.ControlDone.Result.DONE) {
                    throw new IOException("a control failed: " + done.error());
                }
                return;
            }
        }
    }

    private static void polled(HostingMonitor monitor, Map<String, Double> figures) throws Exception {
        for (int i = 0; i < POLLED; i += OPENED_AT_ONCE) {
            monitor.host(i, i + OPENED_AT_ONCE, true);
        }
        LockSupport.parkNanos(SETTLING.toNanos());
        monitor.late();
        double before = Processes.cpuSeconds(monitor.pid());
        long began = System.nanoTime();
        LockSupport.parkNanos(POLLING.toNanos());
        double cpu = Processes.cpuSeconds(monitor.pid()) - before;
        double percent = cpu / ((System.nanoTime() - began) / 1e9) * 100;
        var late = monitor.late();
        double lateMillis = number(late, NoOpType.P999_MICROS) / 1e3;
        var measures = monitor.measures();
        System.out.printf(
                "monitor: %d resources polled at 5 s and 60 s: %.2f %% of one core, %.0f MiB; of %.0f polls at 5 s, all"
                        + " of them when all resources had been online for %d s, 99.9 %% began at most %.1f ms late%n",
                POLLED,
                percent,
                Processes.residentMib(monitor.pid()),
                number(late, NoOpType.COUNT),
                SETTLING.toSeconds(),
                lateMillis);
        for (var call : List.copyOf(measures.calls())) {
            System.out.printf(
                    "  %s: %d calls, p50 %d us, p99 %d us%n",
                    call.call(),
                    call.count(),
                    call.durations().p50(),
                    call.durations().p99());
        }
        figures.put("polled_10000_cpu_percent", percent);
        figures.put("polled_10000_rss_mib", Processes.residentMib(monitor.pid()));
        figures.put("jitter_p999_ms", lateMillis);
    }

    private static double number(Map<String, List<String>> answer, String name) {
        return Double.parseDouble(answer.getOrDefault(name, List.of("NaN")).getFirst());
    }
}
