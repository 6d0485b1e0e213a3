package dev.mainstay.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.state.ResourceState;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Requests that wait for what they lead to.
class WaitingTest {
    private final ServedApi api;

    WaitingTest() throws IOException {
        api = new ServedApi();
    }

    @BeforeEach
    void apply() throws IOException {
        api.post("/v1/apply", ServedApi.SHOP);
    }

    @AfterEach
    void close() throws IOException {
        api.close();
    }

    @Test
    void answersWhenTheGoalIsReachedLater() throws Exception {
        api.cluster.idle();
        var answer = later("POST", "/v1/groups/shop/offline?wait=30s");
        api.cluster.awaitWanted(false);
        assertThat(answer).isNotDone();
        api.cluster.work();

        assertThat(answer.get(20, TimeUnit.SECONDS)).startsWith("HTTP/1.1 200").contains("\"outcome\":\"done\"");
    }

    @Test
    void answersPendingAtTheTimeout() throws Exception {
        api.cluster.idle();

        assertThat(api.send("POST", "/v1/groups/shop/offline?wait=100ms", ""))
                .startsWith("HTTP/1.1 202")
                .contains("\"outcome\":\"pending\"")
                .contains("take group 'shop' offline: not reached within 100ms: group 'shop' is online on node 'n1'");
    }

    @Test
    void answersFailedWhenRecoveryGivesUp() throws Exception {
        api.send(
                "POST", "/v1/apply", ServedApi.SHOP.replace("type: script,", "type: script, restart: {action: none},"));
        api.cluster.endStartsIn(ResourceState.FAILED);
        api.send("POST", "/v1/groups/shop/offline?wait=10s", "");

        assertThat(api.send("POST", "/v1/groups/shop/online?wait=10s", ""))
                .contains("\"outcome\":\"failed\"")
                .contains("stays failed until it is brought online by command");
    }

    @Test
    void isNotOfflineWhileAFailureOfItIsNotSettled() throws Exception {
        api.send("POST", "/v1/groups/shop/offline?wait=10s", "");
        api.send(
                "POST", "/v1/apply", ServedApi.SHOP.replace("type: script,", "type: script, restart: {action: none},"));
        api.cluster.endStartsIn(ResourceState.FAILED);
        api.send("POST", "/v1/groups/shop/online?wait=10s", "");
        api.cluster.idle();

        assertThat(api.send("POST", "/v1/groups/shop/offline?wait=100ms", "")).contains("\"outcome\":\"pending\"");
        assertThat(api.send("POST", "/v1/resources/data/offline?wait=100ms", ""))
                .contains("\"outcome\":\"pending\"");

        api.cluster.work();
        assertThat(api.send("POST", "/v1/groups/shop/offline?wait=10s", ""))
                .contains("\"outcome\":\"done\"", "group 'shop' is offline");
    }

    @Test
    void bringsAResourceOfflineAndOnlineAlone() throws Exception {
        assertThat(api.send("POST", "/v1/resources/web/offline?wait=10s", "")).contains("\"outcome\":\"done\"");
        assertThat(api.send("GET", "/v1/resources/web", "")).contains("because it was commanded offline");
        assertThat(api.send("POST", "/v1/resources/web/online?wait=10s", "")).contains("\"outcome\":\"done\"");
        assertThat(api.send("GET", "/v1/groups/shop", "")).contains("\"state\":\"online\"");
    }

    @Test
    void refusesToMoveAGroupToItsOwnOrAnUnknownNode() throws Exception {
        assertThat(api.send("POST", "/v1/groups/shop/move?to=n9&wait=1s", ""))
                .startsWith("HTTP/1.1 400")
                .contains("MST2103");
        assertThat(api.send("POST", "/v1/groups/shop/move", ""))
                .startsWith("HTTP/1.1 400")
                .contains("n1");
    }

    @Test
    void stopsTheClusterAndTellsWhenNothingRuns() throws Exception {
        assertThat(api.send("POST", "/v1/cluster/stop?wait=10s", ""))
                .contains("\"outcome\":\"done\"")
                .contains("nothing runs any more");
        assertThat(api.send("POST", "/v1/groups/shop/online", ""))
                .startsWith("HTTP/1.1 409")
                .contains("MST2115");
    }

    @Test
    void deletesAResourceThatIsOfflineAndNobodyNeeds() throws Exception {
        api.send("POST", "/v1/groups/shop/offline?wait=10s", "");

        assertThat(api.send("DELETE", "/v1/resources/data", ""))
                .startsWith("HTTP/1.1 409")
                .contains("MST2108");
        assertThat(api.send("DELETE", "/v1/resources/web", "")).contains("\"outcome\":\"done\"");
        assertThat(api.send("GET", "/v1/resources", "")).doesNotContain("\"name\":\"web\"");
    }

    @Test
    void plansTheDeletionOfWhatAManifestNoLongerLists() throws Exception {
        api.send("POST", "/v1/groups/shop/offline?wait=10s", "");
        var without = ServedApi.SHOP
                .lines()
                .filter(line -> !line.contains("web:"))
                .reduce("", (all, line) -> all + line + "\n");

        assertThat(api.send("POST", "/v1/apply?dryRun=true", without))
                .contains("\"action\":\"delete\"", "\"name\":\"web\"", "nothing of it runs");
        assertThat(api.send("POST", "/v1/apply", without)).startsWith("HTTP/1.1 200");
        assertThat(api.send("GET", "/v1/resources/web", "")).startsWith("HTTP/1.1 400");
    }

    @Test
    void saysAsAnErrorThatWhatIsToBeDeletedIsNotOfflineInTime() throws Exception {
        api.cluster.idle();

        assertThat(api.send("DELETE", "/v1/groups/shop?force=true&wait=50ms", ""))
                .startsWith("HTTP/1.1 408")
                .contains("\"code\":\"MST1006\"", "delete it when it is offline");
        assertThat(api.get("/v1/groups/shop")).startsWith("HTTP/1.1 200");
    }

    @Test
    void forgetsFailuresAndWaitsForWhatIsTriedAgain() throws Exception {
        api.post("/v1/apply", ServedApi.SHOP.replace("type: script,", "type: script, restart: {action: none},"));
        api.cluster.endStartsIn(ResourceState.FAILED);
        api.post("/v1/groups/shop/offline?wait=10s", "");
        api.post("/v1/groups/shop/online?wait=10s", "");

        assertThat(api.post("/v1/resources/data/reset?wait=10s", ""))
                .as("its cause is not mended")
                .contains("\"outcome\":\"failed\"", "the failures of resource 'data' are forgotten; ");
        api.cluster.endStartsIn(ResourceState.ONLINE);
        assertThat(api.post("/v1/groups/shop/reset?wait=10s", ""))
                .contains("\"outcome\":\"done\"", "the failures of group 'shop' are forgotten; group 'shop' is online");
        assertThat(api.post("/v1/resources/dota/reset", "")).contains("MST2102", "Did you mean 'data'?");
    }

    @Test
    void aDryRunNamesWhatGoesDownWithIt() throws Exception {
        assertThat(api.post("/v1/resources/data/offline?dryRun=true", ""))
                .contains("this goes down with it: 'data', 'web'");
        assertThat(api.post("/v1/resources/web/restart?dryRun=true", "")).contains("this goes down with it: 'web'\"");
        assertThat(api.send("DELETE", "/v1/groups/shop?force=true&dryRun=true", ""))
                .startsWith("HTTP/1.1 200")
                .contains("this goes down with it: 'data', 'web'");
        assertThat(api.post("/v1/cluster/stop?dryRun=true", "")).contains("this goes down with it: 'data', 'web'");
        assertThat(api.get("/v1/groups/shop")).contains("\"wanted\":\"online\"");
    }

    @Test
    void deletesWhatWasGivenUpWithoutTakingItOfflineFirst() throws Exception {
        api.post("/v1/apply", ServedApi.SHOP.replace("type: script,", "type: script, restart: {action: none},"));
        api.cluster.endStartsIn(ResourceState.FAILED);
        api.post("/v1/groups/shop/offline?wait=10s", "");
        api.post("/v1/groups/shop/online?wait=10s", "");

        assertThat(api.send("DELETE", "/v1/groups/shop", "")).contains("\"outcome\":\"done\"");
    }

    private CompletableFuture<String> later(String method, String path) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return api.send(method, path, "");
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                },
                task -> Thread.ofVirtual().start(task));
    }
}
