package dev.mainstay.service.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.service.log.ReplicatedLog.StorageFull;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Fills a small file system of its own; mounting one needs root.
class DiskFullIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int ENTRY_BYTES = 200_000;

    private Path disk = Path.of("/nonexistent");

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createTempDirectory(Path.of("/tmp"), "ms");
        run("mount", "-t", "tmpfs", "-o", "size=32m", "mainstay-test", disk.toString());
    }

    @AfterEach
    void unmount() throws Exception {
        // Fails while a file is open.
        run("umount", disk.toString());
        Files.delete(disk);
    }

    private static void run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as("%s needs root: %s", String.join(" ", command), output)
                .isZero();
    }

    @Test
    void refusesChangesBelowTheFloorAndAcceptsThemAgainAtOnce() throws Exception {
        try (var cluster = new LogCluster(disk, 1)) {
            var n1 = cluster.open("n1");
            n1.awaitLeading();
            n1.propose("before");
            var filler = fill(disk.resolve("filler"), 20 << 20);
            long began = System.nanoTime();
            assertThatThrownBy(() -> n1.propose("full"))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(StorageFull.class)
                    .hasMessageContaining("KiB are free");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
            Files.delete(filler);
            n1.propose("after");

            assertThat(n1.applied()).containsExactly("before", "after");
        }
    }

    @Test
    void opensTheLogAgainAfterTheEngineCouldNotWrite() throws Exception {
        try (var cluster = new LogCluster(disk, 1)) {
            var n1 = cluster.open("n1");
            n1.awaitLeading();
            n1.propose("before");
            // Entries on their way when the disk fills up: the guard has let them pass already.
            var entry = "x".repeat(ENTRY_BYTES);
            fill(disk.resolve("filler"), 12 << 20);
            var engine = n1.log().engine();
            fill(disk.resolve("filler2"), 64 << 20);
            for (int i = 0; i < 100; i++) {
                var _ = engine.append((i + entry).getBytes(StandardCharsets.UTF_8));
            }
            var refused = retry(() -> {
                var outcome = n1.log().propose("full".getBytes(StandardCharsets.UTF_8));
                return outcome.handle((_, error) -> error).get(LIMIT.toSeconds(), TimeUnit.SECONDS) != null;
            });
            assertThat(refused).isTrue();
            assertThat(retry(() -> n1.log().runs() > 1 || n1.log().leader().isEmpty()))
                    .as("the engine noticed that it cannot write")
                    .isTrue();
            Files.delete(disk.resolve("filler"));
            Files.delete(disk.resolve("filler2"));
            retry(() -> {
                try {
                    n1.propose("after");
                    return true;
                } catch (ExecutionException e) {
                    return false;
                }
            });

            assertThat(n1.applied()).startsWith("before").endsWith("after");
        }
    }

    private interface Attempt {
        boolean succeeds() throws Exception;
    }

    private static boolean retry(Attempt attempt) throws Exception {
        var end = Instant.now().plus(LIMIT);
        while (!attempt.succeeds()) {
            assertThat(Instant.now()).as("the attempt did not succeed in time").isBefore(end);
            Thread.sleep(100);
        }
        return true;
    }

    private static Path fill(Path file, long bytes) throws IOException {
        var block = new byte[64 << 10];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long written = 0; written < bytes; written += block.length) {
                out.write(block);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
        return file;
    }
}
