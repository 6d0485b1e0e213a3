package dev.mainstay.monitor.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.linux.ProcessTable;
import dev.mainstay.monitor.entry.EntryPoint;
import dev.mainstay.monitor.entry.Mark;
import dev.mainstay.protocol.MarkedCalls;
import dev.mainstay.protocol.MarkedCalls.MarkedCall;
import dev.mainstay.protocol.WireCodec.MalformedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallMarksTest {
    private static final long MICROS = 1_000_000;

    @TempDir
    Path folder;

    private final AtomicLong nanos = new AtomicLong(77);

    private CallMarks begin() {
        return CallMarks.begin(file(), nanos::get, MICROS);
    }

    private Path file() {
        return folder.resolve("monitors/default/calls");
    }

    private List<MarkedCall> underway() throws Exception {
        return MarkedCalls.read(file()).underway();
    }

    @Test
    void saysWhichCallsAreUnderWayAndSinceWhenLongestFirst() throws Exception {
        var marks = begin();
        var web = marks.of("web", "script");
        var type = marks.of("", "process");
        nanos.addAndGet(5_000_000);
        web.begins(EntryPoint.IS_ALIVE, false);
        nanos.addAndGet(5_000_000);
        web.begins(EntryPoint.TERMINATE, false);
        type.begins(EntryPoint.TYPE_CONTROL, false);
        web.ends(EntryPoint.TERMINATE, false);

        assertThat(underway())
                .containsExactly(
                        new MarkedCall("web", "script", "isAlive", MICROS + 5_000),
                        new MarkedCall("", "process", "resourceTypeControl", MICROS + 10_000));
    }

    @Test
    void namesTheProcessThatMadeTheMarks() throws Exception {
        begin();

        var process = MarkedCalls.read(file()).process();

        assertThat(process.pid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(ProcessTable.alive(process.pid(), process.startTicks())).isTrue();
        assertThat(process.bootId()).isEqualTo(ProcessTable.bootId());
    }

    @Test
    void marksWorkersApartFromTheCallsThatHandedOverTheirWork() throws Exception {
        var web = begin().of("web", "script");
        web.begins(EntryPoint.ONLINE, true);
        web.begins(EntryPoint.RESOURCE_CONTROL, true);
        web.begins(EntryPoint.RESOURCE_CONTROL, true);
        web.ends(EntryPoint.RESOURCE_CONTROL, true);

        assertThat(underway()).extracting(MarkedCall::call).containsExactly("worker of online", "worker of a control");
        web.ends(EntryPoint.RESOURCE_CONTROL, true);
        web.ends(EntryPoint.ONLINE, true);
        assertThat(underway()).isEmpty();
    }

    @Test
    void hasRoomForTenThousandResourcesAndGivesLinesOfForgottenOnesToOthers() throws Exception {
        var marks = begin();
        for (int i = 0; i < 10_000; i++) {
            assertThat(marks.of("web-" + i, "script")).isNotEqualTo(Mark.NONE);
        }
        marks.of("web-9999", "script").begins(EntryPoint.OPEN, false);
        assertThat(underway()).extracting(MarkedCall::resource).containsExactly("web-9999");
        long size = Files.size(file());

        for (int i = 0; i < 10_000; i++) {
            marks.forget("web-" + i, "script");
            marks.of("db-" + i, "process");
        }

        assertThat(Files.size(file())).isLessThanOrEqualTo(size + 256 * MarkedCalls.LINE_BYTES);
        assertThat(underway()).extracting(MarkedCall::resource).containsExactly("web-9999");
    }

    @Test
    void marksNothingPastItsLimit() {
        var marks = begin();
        for (int i = 0; i < MarkedCalls.LINES_MAX; i++) {
            assertThat(marks.of("web-" + i, "script")).isNotEqualTo(Mark.NONE);
        }

        assertThat(marks.of("one-more", "script")).isEqualTo(Mark.NONE);
    }

    @Test
    void forgetsWhatAnEarlierProcessMarked() throws Exception {
        begin().of("web", "script").begins(EntryPoint.OPEN, false);
        assertThat(underway()).hasSize(1);

        begin().of("db", "script");

        assertThat(underway()).isEmpty();
    }

    @Test
    void marksNothingWhereNoFileCanBe() throws Exception {
        Files.writeString(folder.resolve("monitors"), "in the way");

        var marks = begin();

        assertThat(marks.trouble()).isPresent();
        assertThat(marks.of("web", "script")).isEqualTo(Mark.NONE);
    }

    @Test
    void isNotReadFromAnythingElse() throws Exception {
        var other = Files.writeString(folder.resolve("other"), "x".repeat(5_000));

        assertThatThrownBy(() -> MarkedCalls.read(other))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("its head is missing");
    }
}
