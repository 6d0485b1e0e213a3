package dev.mainstay.monitor.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.monitor.record.Records.Found;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.protocol.WireCodec;
import dev.mainstay.spi.AdoptionRecord;
import dev.mainstay.spi.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a monitor leaves for the next one, also for one of another build.
///
/// `-Dmainstay.regenerate=true` writes the golden bytes again; do that for added components only.
class RecordsTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/record-1-boot.txt");
    private static final Path WITHOUT_BOOT = Path.of("src/test/resources/golden/record-1.txt");
    private static final AdoptionRecord ADOPTION =
            new AdoptionRecord(List.of(new ProcessIdentity(4711, 123_456, "b007-1d")), "/mainstay/web", "own");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"web", "a.b", "a-b_c", "0", "web.record"})
    void whatIsSavedIsFoundUnderItsName(String resource) throws IOException {
        var record = record(resource, Optional.of(ADOPTION));

        records().save(record);

        assertThat(records().load()).containsExactly(new Found(resource, Optional.of(record), ""));
        try (var files = Files.list(folder)) {
            assertThat(files.filter(file -> !file.endsWith("claims"))).hasSize(1);
        }
    }

    @Test
    void theAdoptionRecordComesBackAsTheTypeGaveIt() {
        assertThat(record("web", Optional.of(ADOPTION)).adoptable()).contains(ADOPTION);
        assertThat(record("web", Optional.empty()).adoptable()).isEmpty();
    }

    @Test
    void theNewestRecordCountsAndADroppedOneIsGone() throws IOException {
        var records = records();
        var newer = record("web", Optional.empty());
        records.save(record("web", Optional.of(ADOPTION)));
        records.save(newer);
        records.save(record("db", Optional.empty()));

        records.drop("db");
        records.drop("never-saved");

        assertThat(records.load()).containsExactly(new Found("web", Optional.of(newer), ""));
    }

    @Test
    void aRecordThatCannotBeReadIsNamedWithItsTrouble() throws IOException {
        Files.write(folder.resolve("web.record"), new byte[] {0, 1, 2});

        assertThat(records().load())
                .containsExactly(new Found("web", Optional.empty(), "a LocalRecord of 3 bytes ends too early"));
    }

    @Test
    void aRecordUnderAnotherNameIsNotTrusted() throws IOException {
        records().save(record("web", Optional.of(ADOPTION)));
        Files.move(folder.resolve("web.record"), folder.resolve("db.record"));

        assertThat(records().load()).containsExactly(new Found("db", Optional.empty(), "it speaks of 'web'"));
    }

    @Test
    void whatAMonitorWasJustWritingWhenItDiedIsRemoved() throws IOException {
        Files.write(folder.resolve("web.record.default.tmp"), new byte[] {0});
        Files.writeString(folder.resolve("notes.txt"), "an administrator's");

        assertThat(records().load()).isEmpty();
        assertThat(folder.resolve("web.record.default.tmp")).doesNotExist();
        assertThat(folder.resolve("notes.txt")).exists();
    }

    /// Records are looked through while others are written: at the end of the hold time.
    @Test
    void whatIsJustBeingWrittenIsNotRemovedByWhoReadsAll() throws IOException {
        var records = records();
        Files.write(folder.resolve("web.record.default.tmp"), new byte[] {0});

        assertThat(records.load()).isEmpty();
        assertThat(folder.resolve("web.record.default.tmp")).exists();
    }

    @Test
    void theBytesAreThoseOfAllMonitors() throws Exception {
        var record = record("web", Optional.of(ADOPTION));
        var hex = HexFormat.of().formatHex(WireCodec.encode(LocalRecord.class, record)) + "\n";
        if (Boolean.getBoolean("mainstay.regenerate")) {
            Files.writeString(GOLDEN, hex);
        }

        assertThat(hex).isEqualTo(Files.readString(GOLDEN));
        assertThat(decoded(GOLDEN)).isEqualTo(record);
    }

    /// The process tells the boot where the record does not.
    @Test
    void aRecordWithoutBootIsUnderstood() throws Exception {
        var old = decoded(WITHOUT_BOOT);

        assertThat(old).isEqualTo(record("web", Optional.of(ADOPTION), ""));
        assertThat(old.isBeforeReboot("b007-1d")).isFalse();
        assertThat(old.isBeforeReboot("b007-2")).isTrue();
    }

    private static LocalRecord decoded(Path golden) throws Exception {
        return WireCodec.decode(
                LocalRecord.class,
                HexFormat.of().parseHex(Files.readString(golden).strip()));
    }

    private static LocalRecord record(String resource, Optional<AdoptionRecord> adoption) {
        return record(resource, adoption, "boot");
    }

    private static LocalRecord record(String resource, Optional<AdoptionRecord> adoption, String boot) {
        var spec = new ResourceSpec(
                resource,
                "website",
                "process",
                Map.of("command", List.of("/bin/x")),
                List.of(List.of("data", "ip")),
                1,
                2,
                3,
                4,
                5);
        return new LocalRecord(
                spec,
                HeldState.ONLINE,
                21,
                7,
                3,
                LocalRecord.written(adoption),
                "default",
                boot,
                boot.isEmpty() ? 0 : 1_796_119_200_000_000L);
    }

    private Records records() throws IOException {
        return new Records(folder, "default");
    }
}
