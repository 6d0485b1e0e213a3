package dev.mainstay.monitor.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvidenceFileTest {
    private static final Instant AT = Instant.parse("2026-11-22T02:15:01.123Z");

    @TempDir
    Path folder;

    @Test
    void isNamedByTimeMonitorResourceAndCall() throws Exception {
        try (var file = EvidenceFile.begin(folder, AT, List.of("default", "web/1", "", "isAlive"))) {
            assertThat(file.path()).isEqualTo(folder.resolve("20261122T021501.123Z-default-web%2F1-isAlive.txt"));
        }
    }

    @Test
    void keepsTheNewestFilesAndWhatIsNotItsOwn() throws Exception {
        Files.writeString(folder.resolve("0-notes.md"), "an administrator's");
        for (int i = 0; i < EvidenceFile.KEPT + 10; i++) {
            try (var file = EvidenceFile.begin(folder, AT.plusSeconds(i), List.of("web"))) {
                file.write("evidence " + i);
            }
        }

        try (var files = Files.list(folder)) {
            assertThat(files.filter(file -> file.toString().endsWith(".txt")).sorted())
                    .hasSize(EvidenceFile.KEPT)
                    .first()
                    .asString()
                    .contains("021511.123Z");
        }
        assertThat(folder.resolve("0-notes.md")).exists();
    }

    @Test
    void keepsWhatWasWrittenBeforeSomethingHung() throws Exception {
        var file = EvidenceFile.begin(folder, AT, List.of("web"));
        file.write("first");

        assertThat(file.path()).hasContent("first");
        file.close();
    }
}
