package dev.mainstay.service.monitors;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LastResortTest {
    @TempDir
    private Path folder;

    @Test
    void saysThatNoneIsSet() {
        assertThat(LastResort.NONE.run("it hangs")).isEqualTo("no last resort is set for this node (lastResort)");
    }

    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void runsItWithTheReasonAsItsLastArgument() throws Exception {
        var pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        var resort = new LastResort(List.of("/bin/sh", "-c", "printf '%s|' \"$@\" >'" + pipe + "'", "resort", "--now"));

        var said = resort.run("monitor 'x' cannot be killed; look");

        assertThat(said).startsWith("the last resort '/bin/sh -c ").endsWith("resort --now' was run");
        // Opened by this and by the command; its end is the end of the command.
        assertThat(Files.readString(pipe)).isEqualTo("--now|monitor 'x' cannot be killed; look|");
    }

    @Test
    void waitsNotForIt() {
        var resort = new LastResort(List.of("/bin/sh", "-c", "read line", "resort"));

        assertThat(resort.run("it hangs")).endsWith("was run");
    }

    @Test
    void saysWhyItCannotBeRun() {
        var resort = new LastResort(List.of(folder.resolve("fence").toString()));

        assertThat(resort.run("it hangs"))
                .startsWith("the last resort '%s' cannot be run: ".formatted(folder.resolve("fence")))
                .contains("No such file");
    }
}
