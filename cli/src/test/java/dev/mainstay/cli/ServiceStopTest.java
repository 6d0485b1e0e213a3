package dev.mainstay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.cli.screen.Terminal;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Stops of a cluster service whose socket is closed long before its process ends.
class ServiceStopTest {
    private static final String STOP = "POST /v1/node/stop";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private CannedService service;
    private Process process;

    @BeforeEach
    void start() throws IOException {
        process = new ProcessBuilder("cat").start();
        service = new CannedService();
        service.endsAfter(STOP);
        answersThatItWasStarted(process.info().startInstant().orElseThrow());
    }

    @AfterEach
    void stop() {
        process.destroyForcibly();
        service.close();
    }

    private void answersThatItWasStarted(Instant started) {
        service.answer(
                STOP,
                202,
                "{\"outcome\":\"pending\",\"message\":\"it ends\",\"revision\":7,\"pid\":%d,\"started\":\"%s\"}"
                        .formatted(process.pid(), started));
    }

    private int stop(String limit) {
        var print = new PrintStream(out, true, StandardCharsets.UTF_8);
        var terminal = new Terminal(
                print, print, new BufferedReader(new StringReader("")), false, false, ZoneOffset.UTC, Map.of());
        var socket = service.socket().toString();
        return Main.run(List.of("service", "stop", "--keep", "--wait", limit, "--socket", socket), terminal);
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8).strip();
    }

    @Test
    void saysThatTheProcessIsStillThere() {
        assertThat(stop("1s")).isEqualTo(4);

        assertThat(said())
                .isEqualTo("it ends. Its process (pid %d) is still there after 1 s.".formatted(process.pid()));
    }

    @Test
    void waitsUntilTheProcessIsGone() throws Exception {
        var answer = CompletableFuture.supplyAsync(() -> stop("60s"));
        while (service.listens()) {
            Thread.onSpinWait();
        }
        process.getOutputStream().close();

        assertThat(answer.get()).isZero();
        assertThat(process.toHandle().isAlive()).isFalse();
        assertThat(said()).isEqualTo("it ends. It has ended.");
    }

    @Test
    void waitsForNoOtherProcessOfThatPid() {
        answersThatItWasStarted(Instant.EPOCH);

        assertThat(stop("60s")).isZero();
        assertThat(process.toHandle().isAlive()).isTrue();
    }

    @Test
    void takesTheAnswerOfAnOlderVersion() {
        service.answer(STOP, 202, "{\"outcome\":\"pending\",\"message\":\"it ends\",\"revision\":7}");

        assertThat(stop("60s")).isZero();
        assertThat(said()).isEqualTo("it ends. It has ended.");
    }
}
