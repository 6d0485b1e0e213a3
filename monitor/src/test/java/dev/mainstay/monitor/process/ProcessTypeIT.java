package dev.mainstay.monitor.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.mainstay.fixtures.Eventually;
import dev.mainstay.linux.ProcessTable;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Outcome;
import dev.mainstay.spi.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// The life of a `process` resource over real processes.
class ProcessTypeIT extends SupervisedResource {
    @Test
    void isOnlineOnceCreatedWithoutACheckAndTellsItsEndAtOnce() throws Exception {
        var desk = desk(Map.of("command", List.of("sleep", "300")));
        var entries = desk.type().open(desk);
        var online = desk.new Now();

        assertThat(entries.online(online)).isEqualTo(Outcome.DONE);
        assertThat(entries.isAlive()).isEqualTo(Health.alive());

        kill(online.adoption.orElseThrow().processes().getFirst().pid());
        assertThat(desk.raised.get(10, TimeUnit.SECONDS)).contains("ended by signal 9 (KILL)");
        assertThat(entries.looksAlive()).isInstanceOf(Health.Dead.class);
    }

    @Test
    void waitsUntilTheCheckSucceeds() throws Exception {
        var asked = new AtomicInteger();
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(asked.incrementAndGet() < 3 ? 503 : 204, -1);
            exchange.close();
        });
        server.start();
        try {
            var url = "http://127.0.0.1:%d/health".formatted(server.getAddress().getPort());
            var desk = desk(Map.of("command", List.of("sleep", "300"), "check.http", url));
            var entries = desk.type().open(desk);
            var online = desk.new Now();
            entries.online(online);

            assertThat(online.failure).isEmpty();
            assertThat(asked.get()).isEqualTo(3);
            assertThat(desk.checkpoints).containsOnlyOnce("waiting for %s (status 503)".formatted(url));
            assertThat(entries.isAlive()).isEqualTo(Health.alive());
        } finally {
            server.stop(0);
        }
    }

    @Test
    void failsAtOnceWhenTheProgramEndsBeforeItServes() throws Exception {
        var desk = desk(Map.of("command", List.of("sh", "-c", "echo port in use; exit 2"), "check.tcp", "127.0.0.1:1"));
        var online = desk.new Now();
        desk.type().open(desk).online(online);

        assertThat(online.failure.orElseThrow())
                .hasMessageContaining("ended with exit code 2; its last output: port in use");
    }

    @Test
    void failsWhenTheGraceIsOver() throws Exception {
        var desk = desk(Map.of("command", List.of("sleep", "300"), "check.tcp", "127.0.0.1:1", "startGrace", "300ms"));
        var online = desk.new Now();
        desk.type().open(desk).online(online);

        assertThat(online.failure.orElseThrow())
                .hasMessageContaining("startGrace (300 ms)")
                .hasMessageContaining("127.0.0.1:1: connection refused");
    }

    @Test
    void killsWhatIgnoresTheStopSignal() throws Exception {
        var desk = desk(Map.of(
                "command",
                List.of("sh", "-c", "trap '' TERM; echo ready >ready; while :; do sleep 1; done"),
                "stopGrace",
                "200ms"));
        var entries = desk.type().open(desk);
        var online = desk.new Now();
        entries.online(online);
        Eventually.until("the trap is set", () -> Files.exists(directory.resolve("ready")), () -> "no file");
        var offline = desk.new Now();
        entries.offline(offline);

        assertThat(offline.failure).isEmpty();
        assertThat(runs(online.adoption.orElseThrow().processes().getFirst().pid()))
                .isFalse();
        assertThat(desk.checkpoints).anyMatch(step -> step.contains("did not end within 200 ms"));
        assertThat(desk.raised).isNotDone();
    }

    @Test
    void aLaterMonitorAdoptsItAndTerminateLeavesNothing() throws Exception {
        var desk = desk(Map.of("command", List.of("sleep", "300")));
        var online = desk.new Now();
        desk.type().open(desk).online(online);
        var record = online.adoption.orElseThrow();
        var later = desk.after(record, supervisor.of("r", directory));
        var adopted = later.type().open(later);
        assertThat(adopted.isAlive()).isEqualTo(Health.alive());

        adopted.terminate(Reason.FAILURE);

        assertThat(runs(record.processes().getFirst().pid())).isFalse();
    }

    @Test
    void aCheckThatTimesOutIsUndecidedTwiceAndThenDead() throws Exception {
        var flag = directory.resolve("hang");
        var desk = desk(Map.of(
                "command", List.of("sleep", "300"),
                "check.command", List.of("sh", "-c", "test ! -e " + flag + " || exec sleep 60"),
                "check.timeout", "200ms"));
        var entries = desk.type().open(desk);
        entries.online(desk.new Now());
        Files.createFile(flag);

        assertThat(entries.isAlive()).isInstanceOf(Health.Undecided.class);
        assertThat(entries.isAlive()).isInstanceOf(Health.Undecided.class);
        assertThat(entries.isAlive()).isInstanceOf(Health.Dead.class);
    }

    /// Before, a server that hung was shown online until the next IsAlive, 60 s later.
    @Test
    void itsCheckIsAskedByTheCheapLookToo() throws Exception {
        var flag = directory.resolve("sick");
        var desk = desk(Map.of(
                "command", List.of("sleep", "300"),
                "check.command", List.of("sh", "-c", "test ! -e " + flag)));
        var entries = desk.type().open(desk);
        entries.online(desk.new Now());
        assertThat(desk.polled).isTrue();
        assertThat(entries.looksAlive()).isEqualTo(Health.alive());
        Files.createFile(flag);

        assertThat(entries.looksAlive()).isInstanceOf(Health.Dead.class);
    }

    @Test
    void withACheckItsEndIsStillToldAtOnce() throws Exception {
        var desk = desk(Map.of("command", List.of("sleep", "300"), "check.command", List.of("true")));
        var online = desk.new Now();
        desk.type().open(desk).online(online);

        kill(online.adoption.orElseThrow().processes().getFirst().pid());
        assertThat(desk.raised.get(10, TimeUnit.SECONDS)).contains("ended by signal 9 (KILL)");
    }

    private TestDesk desk(Map<String, Object> set) {
        return TestDesk.of("process", set, directory, supervisor.of("r", directory));
    }

    private static boolean runs(long pid) {
        return ProcessTable.read(pid).filter(ProcessTable.Entry::alive).isPresent();
    }

    private static void kill(long pid) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-9", Long.toString(pid)).start().waitFor())
                .isZero();
    }
}
