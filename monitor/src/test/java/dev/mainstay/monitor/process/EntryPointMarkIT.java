package dev.mainstay.monitor.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.fixtures.Eventually;
import dev.mainstay.linux.ProcessTable;
import dev.mainstay.monitor.entry.CallSite;
import dev.mainstay.monitor.entry.EntryPoint;
import dev.mainstay.monitor.entry.Mark;
import dev.mainstay.spi.Processes.Command;
import dev.mainstay.spi.ResourceFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the commands of a resource know of the entry point that waits for them.
class EntryPointMarkIT {
    private static final CallSite OFFLINE = new CallSite(EntryPoint.OFFLINE, "script", "web", false, Mark.NONE);

    @TempDir
    Path directory;

    private ProcessSupervisor supervisor = new ProcessSupervisor("unused");

    @BeforeEach
    void startSupervisor() {
        supervisor = new ProcessSupervisor(
                "test-%d/%s".formatted(ProcessHandle.current().pid(), directory.getFileName()));
    }

    @AfterEach
    void endWhatIsLeft() throws ResourceFailure {
        supervisor.of("web", directory).endAll();
        supervisor.close();
    }

    private Command shell(String text) {
        return new Command(
                List.of("/bin/sh", "-c", text),
                Map.of("MAINSTAY_ENTRY_POINT", "forged by a property"),
                "",
                directory,
                directory.resolve("output.log"));
    }

    private String printed(CallSite site) throws Exception {
        return site.run(() -> supervisor
                .of("web", directory)
                .run(
                        shell(
                                "echo \"<$MAINSTAY_ENTRY_POINT> <$MAINSTAY_ENTRY_POINT_RUN> <$$ $(cut -d' ' -f22 /proc/$$/stat)>\""),
                        Duration.ofSeconds(20))
                .output()
                .strip());
    }

    @Test
    void aShortCommandKnowsItAndTheProcessThatIsWaitedFor() throws Exception {
        var words = printed(OFFLINE).split("> <");
        assertThat(words[0]).isEqualTo("<offline web");
        assertThat(words[1] + ">").isEqualTo(words[2]);
        assertThat(printed(OFFLINE.working())).startsWith("<offline web>");
    }

    @Test
    void aCommandOfAThreadOfTheTypesOwnIsWaitedForByNobody() throws Exception {
        var finished = supervisor
                .of("web", directory)
                .run(shell("echo \"<$MAINSTAY_ENTRY_POINT> <$MAINSTAY_ENTRY_POINT_RUN>\""), Duration.ofSeconds(20));

        assertThat(finished.output().strip()).isEqualTo("<> <>");
    }

    @Test
    void whatIsStartedToStayDoesNotKnowIt() throws Exception {
        var running = OFFLINE.run(() -> supervisor.of("web", directory).start(shell("exec sleep 300")));
        var pid = running.identity().pid();
        Eventually.until(
                "the program runs",
                () -> ProcessTable.environment(pid, "MAINSTAY_RESOURCE").isPresent(),
                () -> "pid " + pid);

        assertThat(ProcessTable.environment(pid, "MAINSTAY_ENTRY_POINT")).isEmpty();
        assertThat(ProcessTable.environment(pid, "MAINSTAY_ENTRY_POINT_RUN")).isEmpty();
        running.kill();
    }
}
