package dev.mainstay.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.state.ResourceState;
import dev.mainstay.service.manifest.SampleTypes;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Requests that wait for what they lead to.
class WaitingTest {
    private static final String SHOP = """
            groups:
              shop:
                resources:
                  web: {type: process, dependsOn: data, properties: {command: [/bin/web]}}
                  data: {type: script, properties: {scriptFilePath: /bin/data}}
            """;

    private final ObedientCluster cluster = new ObedientCluster();
    private Path folder = Path.of("");
    private Path socket = Path.of("");
    private @Nullable ApiServer api;

    @BeforeEach
    void listen() throws IOException {
        folder = Files.createTempDirectory(Path.of("/tmp"), "ms");
        socket = folder.resolve("api.sock");
        api = ApiServer.start(
                socket,
                new Surroundings(
                        ObedientCluster.NODE,
                        cluster,
                        SampleTypes::all,
                        cluster,
                        new SampleMonitors(),
                        () -> true,
                        (_, _) -> Optional.empty(),
                        () -> {},
                        () -> {}));
        send("POST", "/v1/apply", SHOP);
    }

    @AfterEach
    void close() throws IOException {
        if (api != null) {
            api.close();
        }
        Files.deleteIfExists(folder);
    }

    @Test
    void answersWhenTheGoalIsReachedLater() throws Exception {
        cluster.idle();
        var answer = later("POST", "/v1/groups/shop/offline?wait=30s");
        cluster.awaitWanted(false);
        assertThat(answer).isNotDone();
        cluster.work();

        assertThat(answer.get(20, TimeUnit.SECONDS)).startsWith("HTTP/1.1 200").contains("\"outcome\":\"done\"");
    }

    @Test
    void answersPendingAtTheTimeout() throws Exception {
        cluster.idle();

        assertThat(send("POST", "/v1/groups/shop/offline?wait=100ms", ""))
                .startsWith("HTTP/1.1 202")
                .contains("\"outcome\":\"pending\"");
    }

    @Test
    void answersFailedWhenRecoveryGivesUp() throws Exception {
        send("POST", "/v1/apply", SHOP.replace("type: script,", "type: script, restart: {action: none},"));
        cluster.endStartsIn(ResourceState.FAILED);
        send("POST", "/v1/groups/shop/offline?wait=10s", "");

        assertThat(send("POST", "/v1/groups/shop/online?wait=10s", ""))
                .contains("\"outcome\":\"failed\"")
                .contains("stays failed until it is brought online by command");
    }

    @Test
    void bringsAResourceOfflineAndOnlineAlone() throws Exception {
        assertThat(send("POST", "/v1/resources/web/offline?wait=10s", "")).contains("\"outcome\":\"done\"");
        assertThat(send("GET", "/v1/resources/web", "")).contains("because it was commanded offline");
        assertThat(send("POST", "/v1/resources/web/online?wait=10s", "")).contains("\"outcome\":\"done\"");
        assertThat(send("GET", "/v1/groups/shop", "")).contains("\"state\":\"online\"");
    }

    @Test
    void refusesToMoveAGroupToItsOwnOrAnUnknownNode() throws Exception {
        assertThat(send("POST", "/v1/groups/shop/move?to=n9&wait=1s", ""))
                .startsWith("HTTP/1.1 400")
                .contains("MST2103");
        assertThat(send("POST", "/v1/groups/shop/move", ""))
                .startsWith("HTTP/1.1 400")
                .contains("n1");
    }

    @Test
    void stopsTheClusterAndTellsWhenNothingRuns() throws Exception {
        assertThat(send("POST", "/v1/cluster/stop?wait=10s", ""))
                .contains("\"outcome\":\"done\"")
                .contains("nothing runs any more");
        assertThat(send("POST", "/v1/groups/shop/online", ""))
                .startsWith("HTTP/1.1 409")
                .contains("MST2115");
    }

    @Test
    void deletesAResourceThatIsOfflineAndNobodyNeeds() throws Exception {
        send("POST", "/v1/groups/shop/offline?wait=10s", "");

        assertThat(send("DELETE", "/v1/resources/data", ""))
                .startsWith("HTTP/1.1 409")
                .contains("MST2108");
        assertThat(send("DELETE", "/v1/resources/web", "")).contains("\"outcome\":\"done\"");
        assertThat(send("GET", "/v1/resources", "")).doesNotContain("\"name\":\"web\"");
    }

    @Test
    void plansTheDeletionOfWhatAManifestNoLongerLists() throws Exception {
        send("POST", "/v1/groups/shop/offline?wait=10s", "");
        var without = SHOP.lines().filter(line -> !line.contains("web:")).reduce("", (all, line) -> all + line + "\n");

        assertThat(send("POST", "/v1/apply?dryRun=true", without))
                .contains("\"action\":\"delete\"", "\"name\":\"web\"", "nothing of it runs");
        assertThat(send("POST", "/v1/apply", without)).startsWith("HTTP/1.1 200");
        assertThat(send("GET", "/v1/resources/web", "")).startsWith("HTTP/1.1 400");
    }

    private CompletableFuture<String> later(String method, String path) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return send(method, path, "");
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                },
                task -> Thread.ofVirtual().start(task));
    }

    private String send(String method, String path, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        var head = "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
                .formatted(method, path, bytes.length);
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap((head + body).getBytes(StandardCharsets.UTF_8)));
            channel.shutdownOutput();
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
