package dev.mainstay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.api.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EntryPointMarkTest {
    private static String run(long pid) throws Exception {
        var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return pid + " " + stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19];
    }

    @Test
    void saysWhichEntryPointWaits() throws Exception {
        var own = run(ProcessHandle.current().pid());

        assertThat(EntryPointMark.of(Map.of(EntryPointMark.NAME, "offline web", EntryPointMark.RUN_NAME, own)))
                .contains(new EntryPointMark("offline", "web"));
        assertThat(EntryPointMark.of(Map.of(EntryPointMark.NAME, "offline web")))
                .as("without a process nobody can say that it ended")
                .isPresent();
        assertThat(EntryPointMark.of(Map.of())).isEmpty();
    }

    @Test
    void waitsNoMoreOnceTheCommandHasEnded() throws Exception {
        var child = new ProcessBuilder("sleep", "60").start();
        var marked = Map.of(EntryPointMark.NAME, "online web", EntryPointMark.RUN_NAME, run(child.pid()));
        assertThat(EntryPointMark.of(marked)).isPresent();
        child.destroyForcibly().waitFor();

        assertThat(EntryPointMark.of(marked)).isEmpty();
        var ticks = Long.parseLong(run(ProcessHandle.current().pid()).split(" ")[1]);
        assertThat(EntryPointMark.of(Map.of(
                        EntryPointMark.NAME,
                        "online web",
                        EntryPointMark.RUN_NAME,
                        ProcessHandle.current().pid() + " " + (ticks - 1))))
                .as("a pid that is used again is another process")
                .isEmpty();
    }

    @Test
    void refusesInWordsThatSayWhereItMayBeCalled() {
        var refusal = new EntryPointMark("offline", "web").refusal("group offline");

        assertThat(refusal.code()).isEqualTo(ErrorCode.INSIDE_ENTRY_POINT);
        assertThat(refusal.code().category().exitCode()).isEqualTo(3);
        assertThat(refusal)
                .hasMessageContainingAll("'mainstay group offline'", "entry point 'offline' of resource 'web'");
    }
}
