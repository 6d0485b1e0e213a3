package dev.mainstay.monitor.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.protocol.WireCodec;
import dev.mainstay.spi.AdoptionRecord;
import dev.mainstay.spi.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A record that a crash, a full disk or another build has spoiled.
class SpoiledRecordsTest {
    private static final AdoptionRecord ADOPTION =
            new AdoptionRecord(List.of(new ProcessIdentity(7, 8, "boot")), "/group", "own");

    @TempDir
    Path directory;

    private Path folder = Path.of("");

    @BeforeEach
    void nameFolder() {
        folder = directory.resolve("records");
    }

    private static LocalRecord record(String resource, long sequence) {
        return new LocalRecord(
                new ResourceSpec(resource, "g", "t", Map.of("a", List.of("b")), List.of(List.of("c")), 1, 2, 3, 4, 5),
                HeldState.ONLINE,
                sequence,
                2,
                3,
                LocalRecord.written(Optional.of(ADOPTION)),
                "default",
                "boot",
                6);
    }

    /// What a later version of the monitor might write.
    private record Future(
            ResourceSpec spec,
            HeldState state,
            long sequence,
            long epoch,
            long attempt,
            List<LocalRecord.Adoption> adoption,
            String monitor,
            String boot,
            long onlineSince,
            String more) {}

    private Records.Found only() throws IOException {
        assertThat(records().load()).hasSize(1);
        return records().load().getFirst();
    }

    @Test
    void reportsARecordThatWasCutAnywhere() throws Exception {
        records().save(record("web", 1));
        var file = folder.resolve("web.record");
        var whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));

            assertThat(only().record())
                    .as("%d of %d bytes", length, whole.length)
                    .isEmpty();
            assertThat(only().resource()).isEqualTo("web");
            assertThat(only().trouble()).isNotBlank();
        }
    }

    @Test
    void reportsGarbageAndNeverThrows() throws Exception {
        var random = new SplittableRandom(1);
        records();
        for (int i = 0; i < 300; i++) {
            var bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            Files.write(folder.resolve("web.record"), bytes);

            assertThat(only().record()).as("garbage %d", i).isEmpty();
        }
    }

    @Test
    void reportsARecordOfALaterVersion() throws Exception {
        records();
        var now = record("web", 1);
        var later = new Future(
                now.spec(),
                now.state(),
                now.sequence(),
                now.epoch(),
                now.attempt(),
                now.adoption(),
                "default",
                "boot",
                6,
                "more");
        Files.write(folder.resolve("web.record"), WireCodec.encode(Future.class, later));

        assertThat(only().record()).isEmpty();
        assertThat(only().trouble()).isNotBlank();
    }

    @Test
    void keepsTheOldRecordWhenTheDiskIsFull() throws Exception {
        var records = records();
        records.save(record("web", 1));
        Files.createSymbolicLink(folder.resolve("web.record.default.tmp"), Path.of("/dev/full"));

        assertThatIOException().isThrownBy(() -> records.save(record("web", 2))).withMessageContaining("No space left");
        Files.delete(folder.resolve("web.record.default.tmp"));
        assertThat(only().record()).contains(record("web", 1));
    }

    private Records records() throws IOException {
        return new Records(folder, "default");
    }
}
