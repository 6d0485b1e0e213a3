package dev.mainstay.service.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.event.Event;
import dev.mainstay.service.http.LogLines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Fills a small file system of its own; mounting one needs root.
class JournalDiskFullIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int KINDS = Event.class.getPermittedSubclasses().length;

    private Path disk = Path.of("/nonexistent");

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createTempDirectory(Path.of("/tmp"), "ms");
        run("mount", "-t", "tmpfs", "-o", "size=8m", "mainstay-test", disk.toString());
    }

    @AfterEach
    void unmount() throws Exception {
        // Lazily: the database's native library stays loaded from there.
        run("umount", "--lazy", disk.toString());
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
    void keepsWhatItCouldNotWriteCountsTheRestAndGoesOnWhenThereIsRoom() throws Exception {
        try (var log = new LogLines(Journal.class);
                var journal = Journal.open(disk, InstantSource.fixed(SampleFacts.TIME), 2)) {
            var state = SampleFacts.state();
            var entry = SampleFacts.entry();
            assertThat(journal.latest(1)).isEmpty();
            var filler = disk.resolve("filler");
            fill(filler);
            journal.record(state, entry, state.advanced(entry.time()));
            awaitComplaint(log);
            for (int more = 0; more < 5; more++) {
                journal.record(state, entry, state.advanced(entry.time()));
            }
            Files.delete(filler);

            assertThat(journal.awaitAfter("2.%d".formatted(KINDS - 2), LIMIT)).isTrue();
            assertThat(journal.after("", 100)).extracting("event").contains("ResourceFailed", "FactsNotRecorded");
            assertThat(log.lines()).anyMatch(line -> line.contains("is written again"));
        }
    }

    private static void fill(Path file) throws IOException {
        try (var out = Files.newOutputStream(file)) {
            var block = new byte[4096];
            for (int blocks = 0; blocks < 10_000; blocks++) {
                out.write(block);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    private static void awaitComplaint(LogLines log) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (log.lines().stream().noneMatch(line -> line.contains("cannot be written"))) {
            assertThat(System.nanoTime()).as("lines are %s", log.lines()).isLessThan(end);
            Thread.sleep(20);
        }
    }
}
