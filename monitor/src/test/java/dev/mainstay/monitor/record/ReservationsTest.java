package dev.mainstay.monitor.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ResourceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Of the resources of one node one has a thing, whichever monitors host them.
class ReservationsTest {
    private static final String UNIT = "systemd unit web.service";

    @TempDir
    private Path folder;

    private Records one;
    private Records other;

    @BeforeEach
    void open() throws IOException {
        one = new Records(folder, "one");
        other = new Records(folder, "other");
    }

    @AfterEach
    void close() throws IOException {
        one.close();
        other.close();
    }

    @Test
    void namesTheResourceThatHasIt() throws IOException {
        one.claim("a");
        one.claim("b");

        assertThat(one.reserve(UNIT, "a")).isEmpty();
        assertThat(one.reserve(UNIT, "b")).contains("a");
        assertThat(one.reserve("systemd unit db.service", "b")).isEmpty();
        assertThat(one.reserve(UNIT, "a")).as("its own").isEmpty();
    }

    @Test
    void holdsAgainstAResourceOfAnotherMonitor() throws IOException {
        one.claim("a");
        other.claim("b");
        one.reserve(UNIT, "a");

        assertThat(other.reserve(UNIT, "b")).contains("a");
    }

    @Test
    void isFreeOnceItIsGivenBackByWhoeverHasIt() throws IOException {
        one.claim("a");
        other.claim("b");
        one.reserve(UNIT, "a");
        other.giveBack(UNIT, "b");
        assertThat(other.reserve(UNIT, "b")).contains("a");
        one.giveBack(UNIT, "a");

        assertThat(other.reserve(UNIT, "b")).isEmpty();
        assertThat(one.reserve(UNIT, "a")).contains("b");
    }

    @Test
    void isFreeOnceNobodyHostsTheResource() throws IOException {
        one.claim("a");
        one.reserve(UNIT, "a");
        one.release("a");
        other.claim("b");

        assertThat(other.reserve(UNIT, "b")).isEmpty();
    }

    @Test
    void staysWithWhatMayRunAfterTheDeathOfItsMonitor() throws IOException {
        one.claim("a");
        one.reserve(UNIT, "a");
        one.save(record("a"));
        one.close();
        other.claim("b");

        assertThat(other.reserve(UNIT, "b")).contains("a");
        other.drop("a");
        assertThat(other.reserve(UNIT, "b")).isEmpty();
    }

    @Test
    void ofManyThatAskAtOnceOneGetsIt() throws Exception {
        var names = IntStream.range(0, 20).mapToObj(i -> "r" + i).toList();
        var start = new CountDownLatch(1);
        for (var name : names) {
            records(name).claim(name);
        }
        var asking = names.stream()
                .map(name -> new FutureTask<>(() -> {
                    start.await();
                    return records(name).reserve(UNIT, name).isEmpty();
                }))
                .toList();
        asking.forEach(Thread.ofVirtual()::start);
        start.countDown();

        assertThat(asking.stream().filter(ReservationsTest::got)).hasSize(1);
    }

    @Test
    void leavesNoUnfinishedFile() throws IOException {
        one.claim("a");
        one.reserve("x".repeat(1_000), "a");

        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .hasSize(2)
                    .contains("claims");
        }
        one.giveBack("x".repeat(1_000), "a");
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }

    private Records records(String name) {
        return name.hashCode() % 2 == 0 ? one : other;
    }

    private static boolean got(FutureTask<Boolean> asking) {
        try {
            return asking.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private static LocalRecord record(String resource) {
        var spec = new ResourceSpec(resource, "group", "type", Map.of(), List.of(), 0, 0, 0, 0, 1);
        return new LocalRecord(spec, HeldState.ONLINE, 1, 1, 1, List.of(), "one", "boot", 6);
    }
}
