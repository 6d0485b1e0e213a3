package dev.mainstay.service.monitors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.protocol.MarkedCalls;
import dev.mainstay.protocol.ToService.Hello.ProcessRef;
import dev.mainstay.service.monitors.Suspects.Suspect;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuspectsTest {
    private static final ProcessRef DEAD = new ProcessRef(4711, 99, "boot");
    private static final int ABORTED = 128 + 6;
    private static final int KILLED = 128 + 9;
    private static final int NO_MEMORY = 3;

    @TempDir
    Path folder;

    private final ByteBuffer file = ByteBuffer.allocate(MarkedCalls.HEAD_BYTES + 10 * MarkedCalls.LINE_BYTES)
            .order(ByteOrder.nativeOrder());
    private int lines;

    @BeforeEach
    void begin() {
        MarkedCalls.writeHead(file, DEAD, List.of("open", "isAlive", "terminate"), 1_000_000);
    }

    /// Marks a line with calls that began after `nanos`, 0 for one that is not under way.
    private void mark(String resource, String type, long... nanos) {
        int at = MarkedCalls.HEAD_BYTES + lines++ * MarkedCalls.LINE_BYTES;
        assertThat(MarkedCalls.writeNames(file, at, resource, type)).isTrue();
        for (int kind = 0; kind < nanos.length; kind++) {
            file.putLong(at + kind * Long.BYTES, nanos[kind]);
        }
    }

    private Suspects suspects(ProcessRef process, int exit) throws Exception {
        Files.write(folder.resolve(MarkedCalls.FILE), file.array());
        return Suspects.of(folder, process, OptionalInt.of(exit));
    }

    @Test
    void blamesTheOneWhoseCallsAloneWereUnderWay() throws Exception {
        mark("idle", "script", 0, 0, 0);
        mark("web", "script", 0, 2_000_000_000L, 3_000_000_000L);

        for (int exit : List.of(ABORTED, NO_MEMORY, 99)) {
            assertThat(suspects(DEAD, exit).culprit())
                    .contains(new Suspect("web", "script", "isAlive", Instant.ofEpochSecond(3)));
        }
        assertThat(suspects(DEAD, ABORTED).words())
                .isEqualTo(" while entry point 'isAlive' of resource 'web' (type 'script') was under way"
                        + " (since 1970-01-01T00:00:03Z)");
    }

    @Test
    void blamesNoneOfSeveralAndNamesThem() throws Exception {
        mark("web", "script", 0, 5_000, 0);
        mark("", "process", 3_000, 0, 0);

        var suspects = suspects(DEAD, ABORTED);

        assertThat(suspects.culprit()).isEmpty();
        assertThat(suspects.all()).extracting(Suspect::type).containsExactly("process", "script");
        assertThat(suspects.words())
                .contains("calls of 2", "'open' of type 'process'", "'isAlive' of resource 'web'", "another crash");
    }

    @Test
    void suspectsNobodyOfAnEndThatCameFromOutside() throws Exception {
        mark("web", "script", 0, 5, 0);

        assertThat(suspects(DEAD, KILLED)).isEqualTo(Suspects.NONE);
        assertThat(suspects(DEAD, 128 + 15)).isEqualTo(Suspects.NONE);
    }

    @Test
    void leavesAMonitorThatGaveUpToItsOwnEvidence() throws Exception {
        mark("web", "script", 0, 5, 0);

        assertThat(suspects(DEAD, 70)).isEqualTo(Suspects.NONE);
    }

    @Test
    void suspectsWithoutBlameWhenItIsNotKnownHowTheProcessEnded() throws Exception {
        mark("web", "script", 0, 5, 0);
        assertThat(suspects(DEAD, 0).culprit()).isEmpty();

        var unknown = Suspects.of(folder, DEAD, OptionalInt.empty());

        assertThat(unknown.all()).extracting(Suspect::resource).containsExactly("web");
        assertThat(unknown.culprit()).isEmpty();
    }

    @Test
    void heedsNoMarksOfAnotherProcess() throws Exception {
        mark("web", "script", 0, 5, 0);

        assertThat(suspects(new ProcessRef(4711, 100, "boot"), ABORTED)).isEqualTo(Suspects.NONE);
        assertThat(suspects(new ProcessRef(4711, 99, "other boot"), ABORTED)).isEqualTo(Suspects.NONE);
    }

    @Test
    void suspectsNobodyWithoutReadableMarks() throws Exception {
        assertThat(Suspects.of(folder, DEAD, OptionalInt.of(ABORTED))).isEqualTo(Suspects.NONE);
        Files.writeString(folder.resolve(MarkedCalls.FILE), "nonsense");

        assertThat(Suspects.of(folder, DEAD, OptionalInt.of(ABORTED))).isEqualTo(Suspects.NONE);
    }
}
