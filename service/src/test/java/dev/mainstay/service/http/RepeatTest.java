package dev.mainstay.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RepeatTest {
    private final ServedApi api;

    RepeatTest() throws IOException {
        api = new ServedApi();
    }

    @AfterEach
    void close() throws IOException {
        api.close();
    }

    @Test
    void answersARepeatedRequestAsBeforeAndDoesItOnce() throws IOException {
        var first = send("POST /v1/apply", "Idempotency-Key: k1\r\n", ServedApi.SHOP);
        assertThat(first).startsWith("HTTP/1.1 200").contains("\"applied\":true", "Idempotency-Window: 1000");
        send("DELETE /v1/groups/shop?force=true", "", "");

        assertThat(send("POST /v1/apply", "Idempotency-Key: k1\r\n", ServedApi.SHOP))
                .startsWith("HTTP/1.1 200")
                .endsWith(first.substring(first.indexOf("\r\n\r\n")));

        assertThat(api.get("/v1/groups")).endsWith("[]");
    }

    @Test
    void refusesAKeyThatWasUsedForAnotherContent() throws IOException {
        send("POST /v1/apply", "Idempotency-Key: k1\r\n", ServedApi.SHOP);

        assertThat(send("POST /v1/apply", "Idempotency-Key: k1\r\n", ServedApi.SHOP + "#\n"))
                .startsWith("HTTP/1.1 422")
                .contains("application/problem+json", "\"code\":\"MST2002\"", "\"status\":422");
        assertThat(send("POST /v1/groups/shop/offline", "Idempotency-Key: k1\r\n", ""))
                .startsWith("HTTP/1.1 422");
        assertThat(send("POST /v1/groups/shop/offline?wait=1ms", "Idempotency-Key: k2\r\n", ""))
                .startsWith("HTTP/1.1 20");
        assertThat(send("POST /v1/groups/shop/offline?wait=9s", "Idempotency-Key: k2\r\n", ""))
                .as("how long is waited is no content")
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void triesARefusedRequestAnew() throws IOException {
        assertThat(send("POST /v1/groups/shop/offline", "Idempotency-Key: k1\r\n", ""))
                .contains("MST2101");
        send("POST /v1/apply", "", ServedApi.SHOP);

        assertThat(send("POST /v1/groups/shop/offline", "Idempotency-Key: k1\r\n", ""))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void refusesWhatIsNoKey() throws IOException {
        assertThat(send("POST /v1/apply", "Idempotency-Key: a b\r\n", ServedApi.SHOP))
                .startsWith("HTTP/1.1 400");
        assertThat(send("POST /v1/apply", "Idempotency-Key: a\r\nIdempotency-Key: b\r\n", ServedApi.SHOP))
                .startsWith("HTTP/1.1 400");
    }

    @Test
    void changesTheConfigurationOnlyWhenItIsTheOneThatIsMeant() throws IOException {
        send("POST /v1/apply", "", ServedApi.SHOP);
        var seen = etag(api.get("/v1/resources/web"));
        var values = "{\"set\":{\"stopSignal\":\"QUIT\"}}";

        assertThat(send("POST /v1/resources/web/properties", "If-Match: %s\r\n".formatted(seen), values))
                .startsWith("HTTP/1.1 200");

        for (var stale : new String[] {seen, "W/" + seen, "\"other\""}) {
            for (var change : new String[] {
                "POST /v1/resources/web/properties", "POST /v1/apply", "DELETE /v1/groups/shop?force=true"
            }) {
                assertThat(send(change, "If-Match: %s\r\n".formatted(stale), values))
                        .startsWith("HTTP/1.1 412")
                        .contains("MST2113");
            }
        }
        assertThat(send("DELETE /v1/groups/shop?force=true", "If-Match: *\r\n", ""))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void namesTheMethodsThatAPathHas() throws IOException {
        assertThat(api.send("PUT", "/v1/groups/shop", ""))
                .startsWith("HTTP/1.1 405")
                .contains("Allow: GET, DELETE\r\n");
    }

    @Test
    void tellsErrorsAsProblemDetails() throws IOException {
        assertThat(api.get("/v1/groups/nothing"))
                .startsWith("HTTP/1.1 400")
                .contains("Content-Type: application/problem+json")
                .contains(
                        "\"type\":\"urn:mainstay:error:MST2101\",\"title\":\"no such group\",\"status\":400,\"detail\":")
                .contains("\"code\":\"MST2101\"", "\"advice\":");
    }

    @Test
    void showsAClaimedNameAsAClaim() throws IOException {
        send("POST /v1/apply", "X-Mainstay-User: mallory\r\n", ServedApi.SHOP);

        assertThat(api.get("/v1/events?latest=true"))
                .contains("\"actor\":\"user %s (who claims to be 'mallory')\""
                        .formatted(System.getProperty("user.name")));
    }

    private static String etag(String answer) {
        return answer.replaceAll("(?s).*ETag: (\\S+)\r\n.*", "$1");
    }

    private String send(String methodAndPath, String headers, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        var text = "%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%sContent-Length: %d\r\n\r\n%s"
                .formatted(methodAndPath, headers, bytes.length, body);
        return api.exchange(text.getBytes(StandardCharsets.UTF_8));
    }
}
