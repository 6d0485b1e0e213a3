package dev.mainstay.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that are slow, huge or many cost only themselves.
class AttackTest {
    private static final int MANY = 300;
    private static final String HEAD = "POST /v1/apply HTTP/1.1\r\nHost: x\r\n";

    private final ServedApi api;
    private final List<SocketChannel> open = new ArrayList<>();

    AttackTest() throws IOException {
        api = new ServedApi();
    }

    @AfterEach
    void close() throws IOException {
        for (var channel : open) {
            channel.close();
        }
        api.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET /v1/stat",
                "GET /v1/status HTTP/1.1\r\nHos",
                HEAD + "Content-Length: 100\r\n\r\nx",
                HEAD + "Transfer-Encoding: chunked\r\n\r\n7fffffff\r\nx",
                "GET /v1/events?follow=true HTTP/1.1\r\nHost: x\r\n\r\n",
            })
    void manyHalfOpenConnectionsDoNotSilenceTheApi(String begun) throws IOException {
        for (var count = 0; count < MANY; count++) {
            begin(begun);
        }

        var began = System.nanoTime();
        assertThat(api.get("/v1/status")).startsWith("HTTP/1.1 200");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void clientsThatDoNotReadTheirAnswersAreSentAwayWhenTheyHoldTooMuch() throws IOException {
        var wide = "a".repeat(15_000);
        var manifest = new StringBuilder("groups:\n  wide:\n    resources:\n");
        for (var count = 0; count < 60; count++) {
            manifest.append("      r%d: {type: process, properties: {command: [/bin/%s]}}\n".formatted(count, wide));
        }
        api.post("/v1/apply", manifest.toString());
        for (var count = 0; count < MANY; count++) {
            begin("GET /v1/resources HTTP/1.1\r\nHost: x\r\n\r\n");
        }

        var answer = api.get("/v1/resources");
        assertThat(answer.length()).isGreaterThan(900_000);
        assertThat(answer.substring(0, 20_000)).startsWith("HTTP/1.1 200").contains(wide);
    }

    @Test
    void whoSendsTooSlowlyIsToldSo() throws IOException {
        var slow = begin("GET /v1/stat");

        assertThat(ServedApi.readWhatIsThere(slow)).startsWith("HTTP/1.1 408").contains("did not arrive within 10 s");
    }

    @Test
    void refusesADeclaredSizeBeforeItIsSent() throws IOException {
        assertThat(ServedApi.readWhatIsThere(begin(HEAD + "Content-Length: 999999999999\r\n\r\n")))
                .startsWith("HTTP/1.1 413");
        assertThat(ServedApi.readWhatIsThere(begin(HEAD + "Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n")))
                .startsWith("HTTP/1.1 413");
    }

    @Test
    void readsChunksAndAnswersSeveralRequestsOnOneConnection() throws IOException {
        var twice = HEAD + "Transfer-Encoding: chunked\r\n\r\n7;x=y\r\ngruops:\r\n3\r\n {}\r\n0\r\n\r\n"
                + "GET /v1/groups HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

        assertThat(ServedApi.readWhatIsThere(begin(twice)))
                .contains("HTTP/1.1 400 Bad Request", "Did you mean 'groups'?", "HTTP/1.1 200 OK");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "{\"set\":{\"a\":["})
    void refusesJsonThatIsNestedTooDeeply(String level) throws IOException {
        api.post("/v1/apply", ServedApi.SHOP);

        assertThat(api.post("/v1/resources/web/properties", level.repeat(10_000)))
                .startsWith("HTTP/1.1 400")
                .contains("nested");
        assertThat(api.post("/v1/apply", "[".repeat(10_000))).startsWith("HTTP/1.1 400");
        assertThat(api.post("/v1/apply", "- ".repeat(10_000) + "x")).startsWith("HTTP/1.1 400");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{\"set\":null,\"unset\":null}",
                "{\"set\":{\"port\":null}}",
                "{\"set\":{},\"unset\":[null]}",
                "{\"set\":{\"port\":[]}}",
                "7",
                "\"",
            })
    void refusesJsonThatIsNoneOfItsOwn(String json) throws IOException {
        api.post("/v1/apply", ServedApi.SHOP);

        assertThat(api.post("/v1/resources/web/properties", json)).startsWith("HTTP/1.1 400");
    }

    @Test
    void acceptsBracketsWithinATextAndTextsThatAreLong() throws IOException {
        api.post("/v1/apply", ServedApi.SHOP);
        var text = "[{\\\"".repeat(20_000);

        assertThat(api.post(
                        "/v1/resources/web/properties?dryRun=true",
                        "{\"set\":{\"workingDirectory\":\"/%s\"}}".formatted(text)))
                .doesNotContain("cannot be read");
    }

    private SocketChannel begin(String bytes) throws IOException {
        var channel = SocketChannel.open(UnixDomainSocketAddress.of(api.socket()));
        open.add(channel);
        channel.write(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)));
        return channel;
    }
}
