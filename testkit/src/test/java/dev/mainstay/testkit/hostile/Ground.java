package dev.mainstay.testkit.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.protocol.HeldState;
import dev.mainstay.testkit.LiveMonitor;
import dev.mainstay.testkit.LiveResource;
import dev.mainstay.testkit.hostile.HostileType.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A monitor with a bystander, where one cell of the matrix is played after the other.
///
/// **Threads:** one at a time.
final class Ground implements AutoCloseable {
    private final Path plan;
    private final LiveMonitor monitor;
    private final LiveResource bystander;
    private final List<String> bystanderProcess;
    private int names;

    /// @param folder for the file that tells the hostile type what to do
    Ground(Path folder) throws IOException, InterruptedException {
        plan = Files.writeString(folder.resolve("plan"), "");
        monitor = new LiveMonitor(LiveMonitor.Setting.ofThisClassPath().withJvm("-D" + HostileType.PLAN + "=" + plan));
        var _ = monitor.start();
        bystander = monitor.resource("bystander", "process", Map.of("command", List.of("sleep", "1000")));
        assertThat(bystander.open().state()).isEqualTo(HeldState.OFFLINE);
        assertThat(bystander.online().state()).isEqualTo(HeldState.ONLINE);
        bystanderProcess = bystander.identities();
        assertThat(bystanderProcess).hasSize(1);
    }

    LiveMonitor monitor() {
        return monitor;
    }

    /// A resource of the hostile type that was not there before. It is not checked where another call ends the
    /// process: a check under way just then would be suspected, too.
    LiveResource hostile(Cell cell) {
        boolean ofCheck = cell.point() == Point.LOOKS_ALIVE || cell.point() == Point.IS_ALIVE;
        long interval =
                ofCheck || !cell.leavesMarks() ? 50 : Duration.ofHours(1).toMillis();
        return monitor.resource("hostile-" + ++names, "hostile", Map.of())
                .with(new LiveResource.Limits(interval, interval, 500, 0));
    }

    /// What the hostile type does from now on.
    void plan(Cell cell) throws IOException {
        Files.writeString(plan, cell.point() + " " + cell.fault());
    }

    /// From now on the hostile type behaves.
    void behave() throws IOException {
        Files.writeString(plan, "");
    }

    /// A monitor runs and holds the bystander: the same, or the next one, which adopts it.
    void haveMonitor() throws IOException, InterruptedException {
        behave();
        if (!monitor.process().isAlive()) {
            var _ = monitor.start();
            var adopted = bystander.open();
            assertThat(adopted.state()).as(adopted.detail()).isEqualTo(HeldState.ONLINE);
            assertThat(adopted.detail()).startsWith("adopted");
        }
    }

    /// The bystander is online with the very process it had in the beginning.
    void assertBystanderUntouched() throws IOException, InterruptedException {
        assertThat(bystander.identities()).as("the bystander's process").isEqualTo(bystanderProcess);
        assertThat(bystander.held().orElseThrow().state()).isEqualTo(HeldState.ONLINE);
    }

    @Override
    public void close() throws IOException {
        monitor.close();
    }
}
