package dev.mainstay.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.decision.Refusal;
import dev.mainstay.core.state.ResourceState;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiServerTest {
    private final ServedApi api;

    ApiServerTest() throws IOException {
        api = new ServedApi();
    }

    @Test
    void hasTheMonitorsLookForPluginsAgain() throws Exception {
        var answer = api.send("POST", "/v1/types/load", "");

        assertThat(answer).contains("look for plugins again");
        assertThat(api.loaded).hasValue(1);
    }

    @Test
    void tellsTheTypesWithWhatWasRefusedAndWherePluginsAre() throws Exception {
        assertThat(api.get("/v1/types"))
                .contains("{\"types\":[{\"name\":\"address\"")
                .contains("\"refused\":[\"plugin 'acme.jar': file 'acme.jar' is not in the list 'allowed'\"]")
                .contains("\"plugins\":\"/srv/plugins\"")
                .contains("\"plugin\":\"site\",\"loadedFrom\":\"/srv/plugins/site.jar\"");
    }

    @Test
    void tellsTheLatestFactsOldestOfThemFirst() throws Exception {
        api.post("/v1/apply", ServedApi.SHOP);
        var latest = api.cluster.latest(2);

        assertThat(api.get("/v1/events?latest=true&limit=2"))
                .contains("[{\"id\":\"%s\"".formatted(latest.getFirst().id()))
                .containsSubsequence(latest.getFirst().text(), latest.getLast().text())
                .doesNotContain("\"id\":\"1.0\"");
        assertThat(api.get("/v1/events?latest=true&after=1.0"))
                .startsWith("HTTP/1.1 400")
                .contains("both 'after' and 'latest' are given");
    }

    @AfterEach
    void close() throws IOException {
        api.close();
    }

    @Test
    void letsOnlyOwnerAndGroupIn() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(api.socket())))
                .isEqualTo("rw-rw----");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(api.folder.resolve("run"))))
                .isEqualTo("rwx------");
    }

    @Test
    void appliesAManifestAndBringsItOnline() throws IOException {
        assertThat(api.post("/v1/apply?file=shop.yaml&dryRun=true", ServedApi.SHOP))
                .startsWith("HTTP/1.1 200")
                .contains("\"applied\":false")
                .contains("\"name\":\"web\"");
        assertThat(api.get("/v1/groups")).endsWith("[]");

        assertThat(api.post("/v1/apply?file=shop.yaml", ServedApi.SHOP)).contains("\"applied\":true");

        assertThat(api.get("/v1/groups/shop"))
                .contains("\"state\":\"online\"")
                .contains("all its resources are online")
                .contains("is online since 2026-01-01 12:00:00 UTC");
        assertThat(api.post("/v1/apply?file=shop.yaml", ServedApi.SHOP)).contains("\"changes\":[]");
    }

    @Test
    void bringsANewGroupOnlineThoughTheLeaderIsLostRightAfterTheDecision() throws IOException {
        api.cluster.loseLeaderAfterOneDecision();

        assertThat(api.post("/v1/apply?file=shop.yaml", ServedApi.SHOP)).startsWith("HTTP/1.1 200");

        assertThat(api.get("/v1/groups/shop")).contains("\"wanted\":\"online\"").contains("\"state\":\"online\"");
    }

    @Test
    void tellsTheConfigurationRevisionThatAManifestLedTo() throws IOException {
        var plan = api.post("/v1/apply?dryRun=true", ServedApi.SHOP);
        assertThat(plan).contains("\"configRevision\":0,");

        var applied = api.post("/v1/apply", ServedApi.SHOP);

        assertThat(api.cluster.state().configRevision()).isPositive();
        assertThat(applied)
                .contains("\"configRevision\":%d,".formatted(api.cluster.state().configRevision()));
    }

    @Test
    void showsWhatAChangedManifestWouldChange() throws IOException {
        api.post("/v1/apply", ServedApi.SHOP);

        var plan = api.post("/v1/apply?dryRun=true", ServedApi.SHOP.replace("/bin/web", "/bin/www"));

        assertThat(plan)
                .contains("\"action\":\"change\"")
                .contains("command: /bin/web -> /bin/www")
                .contains("takes effect at the next online");
    }

    @Test
    void waitsForGroupsToGoOfflineAndOnline() throws IOException {
        api.post("/v1/apply", ServedApi.SHOP);

        assertThat(api.post("/v1/groups/shop/offline?wait=10s", "")).contains("\"outcome\":\"done\"");
        assertThat(api.get("/v1/resources/web")).contains("because the persistent state of group 'shop' is offline");
        assertThat(api.post("/v1/groups/shop/online?wait=10s", "")).contains("\"outcome\":\"done\"");
        assertThat(api.post("/v1/groups/shop/offline?dryRun=true", "")).contains("it would be accepted");
        assertThat(api.get("/v1/groups/shop")).contains("\"wanted\":\"online\"");
    }

    @Test
    void saysWhyAWaitedForStartFails() throws IOException {
        api.cluster.endStartsIn(ResourceState.FAILED);
        api.post("/v1/apply", ServedApi.SHOP.replace("type: script,", "type: script, restart: {action: none},"));

        assertThat(api.post("/v1/groups/shop/online?wait=10s", ""))
                .startsWith("HTTP/1.1 200")
                .contains("\"outcome\":\"failed\"")
                .contains("exit code 1");
        assertThat(api.get("/v1/resources/web")).contains("waits for 'data' to come online");
        assertThat(api.get("/v1/why/data"))
                .contains("ResourceFailed")
                .contains("\"actor\":\"user %s\"".formatted(System.getProperty("user.name")));
    }

    @Test
    void showsMaintenanceUntilItEnds() throws IOException {
        api.post("/v1/apply", ServedApi.SHOP);

        assertThat(api.post("/v1/groups/shop/maintenance?on=true&reason=new%20disk", ""))
                .contains("group 'shop' is in maintenance");

        assertThat(api.get("/v1/resources/web"))
                .contains("\"conditions\":{\"maintenance\":\"in maintenance since ")
                .contains(" by user %s: new disk".formatted(System.getProperty("user.name")))
                .contains("so that nothing follows from what happens to it");
        assertThat(api.post("/v1/apply", ServedApi.SHOP))
                .as("no matter of manifests")
                .contains("\"changes\":[]");
        assertThat(api.post("/v1/resources/web/maintenance?on=false", "")).contains("\"outcome\":\"done\"");
        assertThat(api.get("/v1/resources/web")).contains("\"conditions\":{}");
        assertThat(api.get("/v1/resources/data")).contains("in maintenance");
        assertThat(api.post("/v1/resources/web/maintenance", ""))
                .contains("MST2001")
                .contains("it is not said whether it begins or ends");
    }

    @Test
    void restartsWhatRuns() throws IOException {
        api.post("/v1/apply", ServedApi.SHOP);

        assertThat(api.post("/v1/resources/data/restart?wait=10s", "")).contains("\"outcome\":\"done\"");
        assertThat(api.get("/v1/resources/data"))
                .contains("\"state\":\"online\"")
                .contains("\"attempt\":2");
        assertThat(api.get("/v1/resources/web"))
                .contains("\"state\":\"online\"")
                .contains("\"attempt\":1");
        assertThat(api.post("/v1/groups/shop/restart?wait=10s", "")).contains("\"outcome\":\"done\"");
        assertThat(api.get("/v1/resources/data")).contains("\"attempt\":3");
        assertThat(api.get("/v1/resources/web")).contains("\"attempt\":2");
    }

    @Test
    void setsPropertiesOfWhatRunsInOneEntry() throws IOException {
        api.post("/v1/apply", ServedApi.SHOP);
        var before = api.cluster.state().revision();
        var values = "{\"set\":{\"stopSignal\":\"QUIT\",\"logFiles\":\"7\"},\"unset\":[]}";

        assertThat(api.post("/v1/resources/web/properties?dryRun=true", values))
                .contains("\"applied\":false")
                .contains("logFiles: (not set) -> 7 (at the next online)");
        assertThat(api.cluster.state().revision()).isEqualTo(before);
        assertThat(api.post("/v1/resources/web/properties", values)).contains("\"applied\":true");

        assertThat(api.cluster.state().revision()).isEqualTo(before + 1);
        assertThat(api.get("/v1/resources/web"))
                .contains("\"stopSignal\":[\"QUIT\"]")
                .contains("\"state\":\"online\"");
        assertThat(api.post("/v1/resources/web/properties", values)).contains("\"changes\":[]");
    }

    @Test
    void refusesPropertiesThatTheirDescriptionOrTheTypeRefuses() throws IOException {
        api.post("/v1/apply", ServedApi.SHOP);

        assertThat(api.post("/v1/resources/web/properties", "{\"set\":{\"logFlies\":\"7\"},\"unset\":[]}"))
                .startsWith("HTTP/1.1 400")
                .contains("'logFlies' is not a property of type 'process'")
                .contains("Did you mean 'logFiles'?");
        assertThat(api.post("/v1/resources/web/properties", "logFiles=7"))
                .contains("MST2001")
                .contains("cannot be read");
        api.objection.set("no user 'nobody2'");
        assertThat(api.post("/v1/resources/web/properties", "{\"set\":{\"user\":\"nobody2\"},\"unset\":[]}"))
                .startsWith("HTTP/1.1 400")
                .contains("its type refuses them: no user 'nobody2'");
        assertThat(api.get("/v1/resources/web")).doesNotContain("nobody2");
    }

    @Test
    void deletesWhatRunsOnlyWhenForced() throws IOException {
        api.post("/v1/apply", ServedApi.SHOP);

        assertThat(api.send("DELETE", "/v1/groups/shop", ""))
                .startsWith("HTTP/1.1 409")
                .contains("MST2109");
        assertThat(api.send("DELETE", "/v1/groups/shop?force=true", "")).contains("\"outcome\":\"done\"");
        assertThat(api.get("/v1/resources")).endsWith("[]");
    }

    @Test
    void answersReadsButRefusesChangesWithoutALeader() throws IOException {
        api.post("/v1/apply", ServedApi.SHOP);
        api.cluster.loseLeader();

        assertThat(api.get("/v1/status")).startsWith("HTTP/1.1 200").contains("\"leader\":\"\"");
        assertThat(api.post("/v1/groups/shop/offline", ""))
                .startsWith("HTTP/1.1 503")
                .contains("MST1002");
    }

    @Test
    void showsNothingHalfFinishedWhileTheNodeStarts() throws IOException {
        api.joined.set(false);

        assertThat(api.get("/v1/status"))
                .startsWith("HTTP/1.1 503")
                .contains("MST1002", "node 'n1' is starting", "Repeat it in a moment");
        assertThat(api.get("/v1/types")).startsWith("HTTP/1.1 200");
        assertThat(api.post("/v1/node/stop", "")).startsWith("HTTP/1.1 202");
    }

    @Test
    void answersAsSoonAsTheNodeHasStarted() throws Exception {
        api.joined.set(false);
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(api.socket()))) {
            var request = "GET /v1/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            channel.shutdownOutput();
            api.joined.set(true);
            api.cluster.tick();

            assertThat(ServedApi.readWhatIsThere(channel))
                    .startsWith("HTTP/1.1 200")
                    .contains("\"cluster\":\"test\"");
        }
    }

    @Test
    void stopsTheNode() throws IOException {
        assertThat(api.post("/v1/node/stop", "")).startsWith("HTTP/1.1 202");

        assertThat(api.stopped).isTrue();
        assertThat(api.stoppedBy.get()).endsWith("keep false");
    }

    @Test
    void stopsTheNodeAndSaysForHowLongItsResourcesAreKept() throws IOException {
        assertThat(api.post("/v1/node/stop?keep=true", ""))
                .startsWith("HTTP/1.1 202")
                .contains("monitors keep the resources for 24 h: start it again before that");

        assertThat(api.stoppedBy.get()).endsWith("keep true");
    }

    @Test
    void namesEveryProblemOfAManifest() throws IOException {
        assertThat(api.post("/v1/apply?file=x.yaml", "gruops: {}\n"))
                .startsWith("HTTP/1.1 400")
                .contains("\"file\":\"x.yaml\",\"line\":1")
                .contains("Did you mean 'groups'?");
    }

    @Test
    void refusesABodyLargerThanOneMebibyte() throws IOException {
        assertThat(api.post("/v1/apply", "#".repeat(1_100_000)))
                .startsWith("HTTP/1.1 413")
                .contains("1 MiB");
    }

    @Test
    void resumesTheStreamOfFacts() throws IOException {
        api.post("/v1/apply", ServedApi.SHOP);

        var all = stream("Last-Event-ID: 2.0\r\n");

        assertThat(all).contains("text/event-stream").contains("id: 3.0\n").doesNotContain("id: 2.0\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET|/v1/statsu|404|Did you mean '/v1/status'?",
                "POST|/v1/status|405|Use GET.",
                "GET|/v1/events?afer=1|400|Did you mean 'after'?",
                "GET|/v1/events?limit=0|400|from 1 to 1000",
                "GET|/v1/events?limit=1&limit=2|400|stands twice",
                "GET|/v1/events?after=%ff|400|not well encoded",
                "GET|/v1/events?after=%zz|400|not well encoded",
                "GET|/v1/events?after=17|400|not the id of a fact",
                "GET|/v1/groups/%ff|400|not well encoded",
                "GET|/v1/groups/%|400|not well encoded",
                "GET|/v1/groups/..%2f..%2fstatus|400|MST2101",
                "GET|/v1/groups/a%00b|400|MST2101",
                "GET|/v1/../v1/status|404|does not exist",
                "GET|//v1//status|404|does not exist",
                "GET|/v1/groups/nothing|400|MST2101",
                "GET|/v1/resources/No%20Name|400|MST2102",
                "GET|/v1/types/proces|400|Did you mean 'process'?",
                "GET|/v1/why/nobody|400|MST2102",
                "POST|/v1/groups/x/online?wait=5|400|MST2101",
                "POST|/v1/cluster/stop?wait=5|400|has no unit",
                "POST|/v1/apply?directory=here|400|absolute",
            })
    void refusesWhatItDoesNotKnow(String method, String path, int status, String text) throws IOException {
        assertThat(api.send(method, path, "")).startsWith("HTTP/1.1 " + status).contains(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0000\u0001\u0002\u0003\r\n\r\n",
                "GET\r\n\r\n",
                "GET /v1/status HTTP/9.9\r\n\r\n",
                "GET /v1/status HTTP/1.1\r\nno colon here\r\n\r\n",
                "GET /v1/status HTTP/1.0\r\nHost: x\r\n\r\n",
                "GET /v1/status HTTP/1.1\r\n\r\n",
                "GET /v1/status HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
                "GET /v1/status HTTP/1.1\nHost: x\n\n",
                "GET /v1/status HTTP/1.1\r\nHost: x\r\nX: a\u0000b\r\n\r\n",
                "GET /v1/status HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n",
                "POST /v1/apply HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "POST /v1/apply HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "POST /v1/apply HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                "POST /v1/apply HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
                "POST /v1/apply HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
                "POST /v1/apply HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n\r\n",
                "POST /v1/apply HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcde\r\n",
                "POST /v1/apply HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
            })
    void refusesGarbageWithAnErrorAndOneLineInTheLog(String garbage) throws IOException {
        try (var log = new LogLines(Answers.class)) {
            var answer = api.exchange(garbage.getBytes(StandardCharsets.ISO_8859_1));

            assertThat(answer).matches("(?s)HTTP/1\\.1 400 .*");
            assertThat(answer)
                    .contains(
                            "application/problem+json",
                            "\"code\":\"MST2001\"",
                            "not a request that can be understood",
                            "HTTP/1.1");
            assertThat(log.lines()).hasSizeLessThanOrEqualTo(1);
        }
        assertThat(api.get("/v1/status")).startsWith("HTTP/1.1 200");
    }

    @Test
    void refusesOversizeLinesAndHeaders() throws IOException {
        var header = "GET /v1/status HTTP/1.1\r\nHost: x\r\nX: %s\r\n\r\n".formatted("a".repeat(100_000));
        var line = "GET /v1/status?%s HTTP/1.1\r\nHost: x\r\n\r\n".formatted("a".repeat(100_000));

        assertThat(api.exchange(header.getBytes(StandardCharsets.US_ASCII)))
                .startsWith("HTTP/1.1 4")
                .contains("MST", "8 KiB");
        assertThat(api.exchange(line.getBytes(StandardCharsets.US_ASCII)))
                .startsWith("HTTP/1.1 4")
                .contains("MST", "8 KiB");
        assertThat(api.get("/v1/status")).startsWith("HTTP/1.1 200");
    }

    @Test
    void doesNotActOnHalfARequest() throws IOException {
        var half = "POST /v1/apply HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\ngro";
        try (var log = new LogLines(Answers.class)) {
            assertThat(api.exchange(half.getBytes(StandardCharsets.US_ASCII))).doesNotStartWith("HTTP/1.1 200");
            assertThat(log.lines()).singleElement().asString().contains("the body ended too early");
        }
        assertThat(api.get("/v1/status")).startsWith("HTTP/1.1 200");
    }

    @Test
    void logsFewLinesAboutManyBadConnections() throws IOException {
        try (var log = new LogLines(Answers.class)) {
            for (var connection = 0; connection < 3 * RateLimit.MOST_LINES; connection++) {
                api.exchange("GET\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(log.lines()).hasSizeBetween(RateLimit.MOST_LINES, 2 * RateLimit.MOST_LINES);
        }
    }

    @ParameterizedTest
    @EnumSource
    void turnsEachRefusalIntoItsErrorCode(Refusal.Code code) {
        assertThat(Actions.refusal(new Refusal(code, "what", "do")).code()).hasToString(code.name());
    }

    private String stream(String headers) throws IOException {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(api.socket()))) {
            var request = "GET /v1/events?follow=true HTTP/1.1\r\nHost: localhost\r\n%s\r\n".formatted(headers);
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            var input = Channels.newInputStream(channel);
            var text = new StringBuilder();
            while (text.indexOf(": idle") < 0) {
                text.append((char) input.read());
            }
            return text.toString();
        }
    }
}
