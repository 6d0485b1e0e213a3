package dev.mainstay.bench;

import dev.mainstay.api.Client;
import dev.mainstay.api.EventView;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/// SIGKILL of a web server's process at random moments: until it is seen, until the new one is ordered, until
/// that one answers.
final class Restart {
    private static final int KILLS = 50;
    private static final int PAUSE_MILLIS_MAX = 2_000;

    private Restart() {}

    static Map<String, Double> run(Installation installation) throws Exception {
        System.out.printf(
                "restart: %d times SIGKILL of a web server (the JDK's own, HTTP check, no restart delay)%n", KILLS);
        var detect = new double[KILLS];
        var react = new double[KILLS];
        var total = new double[KILLS];
        var random = new SplittableRandom();
        try (var service = installation.start()) {
            int port = freePort();
            service.bringOnline("website", manifest(port, service));
            for (int i = 0; i < KILLS; i++) {
                LockSupport.parkNanos(random.nextInt(PAUSE_MILLIS_MAX) * 1_000_000L);
                var round = once(service, port);
                detect[i] = round.detectMillis;
                react[i] = round.reactMillis;
                total[i] = round.totalMillis;
                System.out.printf(
                        "  kill %2d: seen after %6.2f ms, online called %6.2f ms later, answers again after %7.2f ms%n",
                        i + 1, detect[i], react[i], total[i]);
            }
        }
        var figures = new LinkedHashMap<String, Double>();
        figures.put("detect_p50_ms", Figures.median(detect));
        figures.put("detect_p99_ms", Figures.percentile(detect, 0.99));
        figures.put("react_p50_ms", Figures.median(react));
        figures.put("react_p99_ms", Figures.percentile(react, 0.99));
        figures.put("total_p50_ms", Figures.median(total));
        figures.put("total_p99_ms", Figures.percentile(total, 0.99));
        return figures;
    }

    private record Round(double detectMillis, double reactMillis, double totalMillis) {}

    private static Round once(Installation.Service service, int port) {
        var client = service.client();
        Installation.await("web online", () -> client.resource("web").state().equals("online"));
        var newest = client.events("", 1000).stream()
                .reduce((_, last) -> last)
                .map(EventView::id)
                .orElse("");
        newest = newestAfter(client, newest);
        var pid = Processes.ofResource("web", service.data()).orElseThrow();
        var process = ProcessHandle.of(pid).orElseThrow();
        long killedMicros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        long killedNanos = System.nanoTime();
        process.destroyForcibly();
        Installation.await("process " + pid + " gone", () -> !process.isAlive());
        Installation.await("an answer on port " + port, () -> answers(port));
        double totalMillis = (System.nanoTime() - killedNanos) / 1e6;
        Installation.await("web online", () -> client.resource("web").state().equals("online"));
        var before = newest;
        Installation.await(
                "the facts of the restart", () -> Facts.after(client, before).complete());
        var facts = Facts.after(client, before);
        return new Round(
                (facts.seenMicros - killedMicros) / 1e3, (facts.calledMicros - facts.seenMicros) / 1e3, totalMillis);
    }

    /// When the failure was seen and online was called, by the journal; 0 while it does not say so.
    private record Facts(long seenMicros, long calledMicros) {
        boolean complete() {
            return seenMicros != 0 && calledMicros != 0;
        }

        static Facts after(Client client, String id) {
            long seen = 0;
            long called = 0;
            for (var event : client.events(id, 1000)) {
                var fields = event.fields();
                if (event.event().equals("ResourceFailed")) {
                    seen = Long.parseLong(fields.getOrDefault("seenAtMicros", "0"));
                } else if (called == 0 && seen != 0 && "ONLINE_PENDING".equals(fields.get("state"))) {
                    called = Long.parseLong(fields.getOrDefault("changedAtMicros", "0"));
                }
            }
            return new Facts(seen, called);
        }
    }

    private static String newestAfter(Client client, String id) {
        var newest = id;
        for (var more = client.events(newest, 1000); !more.isEmpty(); more = client.events(newest, 1000)) {
            newest = more.getLast().id();
        }
        return newest;
    }

    private static boolean answers(int port) {
        try {
            var url = URI.create("http://127.0.0.1:" + port + "/").toURL();
            var connection = (HttpURLConnection) url.openConnection();
            connection.setConnectTimeout(200);
            connection.setReadTimeout(2_000);
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private static String manifest(int port, Installation.Service service) {
        return """
                groups:
                  website:
                    resources:
                      web:
                        type: process
                        properties:
                          command: ["${mainstay.java}", -XX:+UseSerialGC, -XX:TieredStopAtLevel=1, -m, jdk.httpserver,
                                    -b, 127.0.0.1, -p, "%d", -d, "%s"]
                          check: {http: "http://127.0.0.1:%d/"}
                        restart: {threshold: 1000, delay: 0ms}
                """.formatted(port, service.data().resolve("monitors"), port);
    }
}
