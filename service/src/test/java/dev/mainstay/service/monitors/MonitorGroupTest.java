package dev.mainstay.service.monitors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.linux.ControlGroups;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A group goes with the process it was made for.
class MonitorGroupTest {
    @TempDir
    Path base;

    @Test
    void removesTheGroupOfADeadMonitorAndNoOther() throws Exception {
        var web = Files.createDirectories(base.resolve("mainstay-monitor-resource-web"));
        var db = Files.createDirectories(base.resolve("mainstay-monitor-resource-db"));

        CpuAndMemory.release("resource-web", Optional.of(new ControlGroups(base)));

        assertThat(web).doesNotExist();
        assertThat(db).exists();
    }

    @Test
    void leavesAGroupInWhichSomethingIsLeft() throws Exception {
        var inside = Files.createDirectories(base.resolve("mainstay-monitor-resource-web"));
        Files.writeString(inside.resolve("cgroup.events"), "populated 1");

        CpuAndMemory.release("resource-web", Optional.of(new ControlGroups(base)));

        assertThat(inside).exists();
    }

    @Test
    void hasNothingToRemoveWhereThereAreNoGroups() {
        CpuAndMemory.release("resource-web", Optional.of(new ControlGroups(base)));
        CpuAndMemory.release("resource-web", Optional.empty());

        assertThat(base).isEmptyDirectory();
    }
}
