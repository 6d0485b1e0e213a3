package dev.mainstay.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/// What the product costs: time to start, time of a command, memory, CPU while nothing happens.
final class Footprint {
    private static final int STATUS_RUNS = 31;
    private static final int START_RUNS = 9;
    private static final Duration SETTLING = Duration.ofSeconds(15);
    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final Pattern MONITOR_READY = Pattern.compile("ready after (\\d+) ms");

    private Footprint() {}

    static Map<String, Double> run(Installation installation) throws Exception {
        var figures = new LinkedHashMap<String, Double>();
        starts(installation, figures);
        for (int resources : new int[] {1, 100, 1000}) {
            idle(installation, resources, figures);
        }
        return figures;
    }

    private static void starts(Installation installation, Map<String, Double> figures) throws Exception {
        System.out.printf("footprint: %d starts of the cluster service, each on a new data directory%n", START_RUNS);
        var service = new double[START_RUNS];
        var monitor = new double[START_RUNS];
        var status = new double[STATUS_RUNS];
        for (int i = 0; i < START_RUNS; i++) {
            try (var started = installation.start()) {
                service[i] = started.readyMillis();
                Installation.await("a monitor", () -> started.monitor() > 0);
                monitor[i] = monitorReadyMillis(started);
                System.out.printf(
                        "  service ready after %.0f ms, its monitor %.0f ms after it was spawned%n",
                        service[i], monitor[i]);
                if (i == START_RUNS - 1) {
                    var socket = started.client().socket().toString();
                    for (int k = 0; k < STATUS_RUNS; k++) {
                        status[k] = installation.timed("status", "--socket", socket);
                    }
                    System.out.printf(
                            "  mainstay status, %d times: median %.0f ms%n", STATUS_RUNS, Figures.median(status));
                }
            }
        }
        figures.put("service_ready_p50_ms", Figures.median(service));
        figures.put("monitor_ready_p50_ms", Figures.median(monitor));
        figures.put("status_p50_ms", Figures.median(status));
    }

    private static double monitorReadyMillis(Installation.Service service) throws IOException {
        var found = MONITOR_READY.matcher(Files.readString(service.data().resolve("service.log")));
        if (!found.find()) {
            throw new IOException("the service's log does not say when the monitor was ready");
        }
        return Double.parseDouble(found.group(1));
    }

    private static void idle(Installation installation, int resources, Map<String, Double> figures) throws Exception {
        System.out.printf("footprint: %d process resources at default intervals, idle%n", resources);
        try (var service = installation.start()) {
            service.bringOnline("idle", manifest(resources));
            LockSupport.parkNanos(SETTLING.toNanos());
            long servicePid = service.process().pid();
            long monitorPid = service.monitor();
            double serviceBefore = Processes.cpuSeconds(servicePid);
            double monitorBefore = Processes.cpuSeconds(monitorPid);
            LockSupport.parkNanos(IDLE.toNanos());
            double serviceCpu = Processes.cpuSeconds(servicePid) - serviceBefore;
            double monitorCpu = Processes.cpuSeconds(monitorPid) - monitorBefore;
            double percent = (serviceCpu + monitorCpu) / IDLE.toSeconds() * 100;
            System.out.printf(
                    "  in %d s: service %.2f s, monitor %.2f s of CPU: %.2f %% of one core; resident: %.0f and %.0f MiB%n",
                    IDLE.toSeconds(),
                    serviceCpu,
                    monitorCpu,
                    percent,
                    Processes.residentMib(servicePid),
                    Processes.residentMib(monitorPid));
            figures.put("idle_%d_cpu_percent".formatted(resources), percent);
            if (resources == 1) {
                figures.put("service_rss_mib", Processes.residentMib(servicePid));
                figures.put("monitor_rss_mib", Processes.residentMib(monitorPid));
                figures.put("pss_mib", Processes.proportionalMib(servicePid) + Processes.proportionalMib(monitorPid));
            } else {
                figures.put("service_rss_%d_mib".formatted(resources), Processes.residentMib(servicePid));
                figures.put("monitor_rss_%d_mib".formatted(resources), Processes.residentMib(monitorPid));
            }
        }
    }

    private static String manifest(int resources) {
        var text = new StringBuilder("groups:\n  idle:\n    resources:\n");
        for (int i = 0; i < resources; i++) {
            text.append("      sleeper-%d:\n        type: process\n".formatted(i))
                    .append("        properties: {command: [/bin/sleep, infinity]}\n");
        }
        return text.toString();
    }
}
