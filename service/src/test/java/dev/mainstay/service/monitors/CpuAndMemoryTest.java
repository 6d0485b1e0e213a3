package dev.mainstay.service.monitors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.linux.ControlGroups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What holds depends on the machine; that what is said is so, does not.
class CpuAndMemoryTest {
    private static final MonitorSetup SMALL = new MonitorSetup(64L << 20, 50);

    private final String monitor = "limits-test-" + ProcessHandle.current().pid();
    private final Process process;

    CpuAndMemoryTest() throws IOException {
        process = new ProcessBuilder("sleep", "600").start();
    }

    @AfterEach
    void end() throws Exception {
        process.destroyForcibly().waitFor();
        if (group().isPresent()) {
            Files.deleteIfExists(group().get());
        }
    }

    private Optional<Path> group() {
        return ControlGroups.find()
                .map(groups ->
                        groups.group(ControlGroups.MONITOR_PREFIX + monitor).path());
    }

    @Test
    void needsNoControlGroupForTheUsualSetUp() {
        assertThat(CpuAndMemory.limit(monitor, process.pid(), MonitorSetup.USUAL))
                .isEqualTo("heap at most 128 MiB");
        assertThat(group().filter(Files::exists)).isEmpty();
    }

    @Test
    void saysOfEachLimitWhetherItHolds() throws IOException {
        var said = CpuAndMemory.limit(monitor, process.pid(), SMALL);

        assertThat(said).startsWith("heap at most 64 MiB; ");
        assertThat(said.contains("memory at most 320 MiB in all")).as(said).isEqualTo(holds("memory.max", "335544320"));
        assertThat(said.contains("at most 50 % of one processor")).as(said).isEqualTo(holds("cpu.max", "50000 100000"));
        assertThat(said.contains("memory beside the heap not enforced"))
                .as(said)
                .isNotEqualTo(said.contains("memory at most 320 MiB"));
        assertThat(said.contains("50 % of one processor not enforced"))
                .as(said)
                .isNotEqualTo(said.contains("at most 50 % of one processor"));
        if (group().isPresent()) {
            assertThat(Path.of("/proc", Long.toString(process.pid()), "cgroup"))
                    .content()
                    .contains(ControlGroups.MONITOR_PREFIX + monitor);
        }
    }

    @Test
    void saysNothingOfAProcessorThatIsNotLimited() {
        assertThat(CpuAndMemory.limit(monitor, process.pid(), new MonitorSetup(64L << 20, 0)))
                .contains("memory")
                .doesNotContain("processor");
    }

    private boolean holds(String file, String value) throws IOException {
        var limit = group().map(group -> group.resolve(file)).filter(Files::exists);
        return limit.isPresent() && Files.readString(limit.get()).strip().equals(value);
    }
}
