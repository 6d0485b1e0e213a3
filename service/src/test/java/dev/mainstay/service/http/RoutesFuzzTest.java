package dev.mainstay.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.avaje.jsonb.Jsonb;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Asks every route of the API, as it describes itself, with what no client of ours sends.
///
/// The seed is fixed; `-Dmainstay.fuzz.minutes=N` goes on so long with seeds of the time, which failures name,
/// after that of `-Dmainstay.fuzz.seed=S`.
class RoutesFuzzTest {
    private static final int TURNS = 40;
    private static final long SEED = 20_261_129;

    private static final List<String> NAMES = List.of(
            "shop",
            "web",
            "data",
            "process",
            "default",
            "n1",
            "",
            ".",
            "..",
            "%",
            "%00",
            "%ff%fe",
            "%2e%2e%2f",
            "a b",
            "x".repeat(300),
            "%F0%9F%92%A5",
            "';--",
            "*",
            "a\u0000",
            "\u00e9");

    private static final List<String> VALUES = List.of(
            "",
            "true",
            "false",
            "1",
            "-1",
            "0",
            "5ms",
            "1h",
            "99999999999999999999",
            "5",
            "now",
            "1.0",
            "9.9",
            "17",
            "%",
            "%ff",
            "%00",
            "n1",
            "n2",
            "/tmp",
            "tmp",
            "x".repeat(2_000),
            "999999999999999999.1",
            "on&on");

    private static final List<String> BODIES = List.of(
            "",
            "{}",
            "null",
            "[]",
            "7",
            "\"",
            "{\"set\":{\"port\":\"1\"}}",
            "{\"set\":[]}",
            "{\"input\":{\"a\":[\"b\"]}}",
            "{\"input\":7}",
            "{\"x\":" + "[".repeat(2_000),
            ServedApi.SHOP,
            ServedApi.SHOP.replace("web", "w\u0000b"),
            "groups: {a: {resources: {b: {type: process, properties: {command: [" + "x, ".repeat(500) + "]}}}}}",
            "&a [*a]",
            "groups: &x {y: *x}",
            "%YAML 9.9\n---\n",
            "- ".repeat(1_000),
            "\ufeff{}",
            "\u0000\u0001\u00ff");

    private final ServedApi api;

    RoutesFuzzTest() throws IOException {
        api = new ServedApi();
    }

    @AfterEach
    void close() throws IOException {
        api.close();
    }

    @Test
    void noRouteFailsHangsOrGrows() throws IOException {
        var routes = ApiServer.routes(
                api.surroundings(ObedientCluster.NODE), Jsonb.builder().build());
        assertThat(routes).hasSizeGreaterThan(30);
        var minutes = Long.getLong("mainstay.fuzz.minutes", 0);
        var end = System.nanoTime() + Duration.ofMinutes(minutes).toNanos();
        var seed = Long.getLong("mainstay.fuzz.seed", SEED);
        api.post("/v1/apply", ServedApi.SHOP);
        do {
            var random = new Random(seed);
            for (var turn = 0; turn < TURNS; turn++) {
                for (var route : routes) {
                    ask(route, random, seed);
                }
            }
            seed = System.nanoTime();
        } while (System.nanoTime() < end);
        assertThat(api.get("/v1/status")).startsWith("HTTP/1.1 200");
        assertThat(api.clients()).isLessThanOrEqualTo(1);
    }

    @Test
    void aFolderThatNoSystemCanHaveIsRefused() throws IOException {
        assertThat(api.post("/v1/apply?directory=/a%00b", ServedApi.SHOP)).startsWith("HTTP/1.1 400");
        assertThat(api.post("/v1/apply?directory=%00", ServedApi.SHOP)).startsWith("HTTP/1.1 400");
    }

    private void ask(Route route, Random random, long seed) throws IOException {
        var bytes = request(route, random).getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(10) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(api.socket()))) {
            var rest = ByteBuffer.wrap(bytes, 0, random.nextInt(20) == 0 ? random.nextInt(bytes.length) : bytes.length);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.shutdownOutput();
            var answer = ServedApi.readWhatIsThere(channel);
            assertThat(answer)
                    .as("seed %d: %s", seed, new String(bytes, StandardCharsets.ISO_8859_1))
                    .matches("(?s)|HTTP/1\\.1 (2\\d\\d|4\\d\\d) .*");
        } catch (IOException closedEarly) {
            // It was refused before all of it was sent.
            assertThat(closedEarly).hasMessageMatching("(?s).*(pipe|reset|closed).*");
        }
    }

    private static String request(Route route, Random random) {
        var path = new StringBuilder();
        for (var segment : route.path()) {
            path.append('/').append(segment.equals("*") ? any(NAMES, random) : segment);
        }
        var parts = new ArrayList<String>();
        for (var parameter : route.parameters()) {
            // A stream has no end, and whoever waits waits.
            if (!parameter.equals("follow") && random.nextBoolean()) {
                parts.add(parameter + "=" + (parameter.equals("wait") ? "1ms" : any(VALUES, random)));
            }
        }
        var body = random.nextBoolean() || route.body() != Route.Body.NONE ? any(BODIES, random) : "";
        var method = random.nextInt(10) == 0 ? any(List.of("GET", "PUT", "POST", "HEAD", "X"), random) : route.method();
        var headers = new StringBuilder("Host: x\r\nConnection: close\r\n");
        if (random.nextInt(3) == 0) {
            headers.append(any(
                            List.of(
                                    "Idempotency-Key: k%d".formatted(random.nextInt(50)),
                                    "If-Match: \"c%d\"".formatted(random.nextInt(9)),
                                    "If-Match: x",
                                    "X-Mainstay-User: a b",
                                    "X-Mainstay-User: eve",
                                    "Last-Event-ID: 7",
                                    "Accept: */*",
                                    "Expect: 100-continue",
                                    "Content-Length: 5",
                                    "Transfer-Encoding: chunked"),
                            random))
                    .append("\r\n");
        }
        return "%s %s%s HTTP/1.1\r\n%sContent-Length: %d\r\n\r\n%s"
                .formatted(
                        method,
                        path,
                        parts.isEmpty() ? "" : "?" + String.join("&", parts),
                        headers,
                        body.getBytes(StandardCharsets.UTF_8).length,
                        body);
    }

    private static String any(List<String> all, Random random) {
        return all.get(random.nextInt(all.size()));
    }
}
