package dev.mainstay.monitor.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.fixtures.Eventually;
import dev.mainstay.linux.FileLocks;
import dev.mainstay.linux.ProcessTable;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// The life of a `file-lock` resource over real locks.
class FileLockTypeIT extends SupervisedResource {
    @Test
    void holdsTheLockWhileOnlineAndSaysSoInTheFile() throws Exception {
        var desk = desk(Map.of());
        var entries = desk.type().open(desk);
        var online = desk.new Now();
        entries.online(online);

        assertThat(online.failure).isEmpty();
        var holder = online.adoption.orElseThrow().processes().getFirst().pid();
        assertThat(FileLocks.holders(file())).containsExactly(holder);
        assertThat(lockable()).isFalse();
        assertThat(file()).content().contains("resource: r", "group: g", "epoch: 7", "since: 20", "pid: " + holder);
        assertThat(entries.isAlive()).isEqualTo(Health.alive());

        var offline = desk.new Now();
        entries.offline(offline);
        assertThat(offline.failure).isEmpty();
        assertThat(lockable()).isTrue();
        assertThat(file()).content().startsWith("released: ").contains(" by r on ");
    }

    @Test
    void saysWhoHoldsItWhenItIsNotReleasedInTime() throws Exception {
        Files.writeString(file(), "node: n9\n");
        var other = holder();
        try {
            var desk = desk(Map.of("wait", "300ms"));
            var online = desk.new Now();
            desk.type().open(desk).online(online);

            assertThat(online.failure.orElseThrow())
                    .hasMessageContaining("it was not released within 300 ms")
                    .hasMessageContaining("process %d (flock) of this node holds it", other.pid())
                    .hasMessageContaining("says: node: n9");
        } finally {
            end(other);
        }
    }

    @Test
    void waitsUntilTheOtherHolderReleasesIt() throws Exception {
        var other = holder();
        var desk = desk(Map.of());
        var online = desk.new Now();
        var bringing = new Thread(() -> {
            try {
                desk.type().open(desk).online(online);
            } catch (ResourceFailure e) {
                throw new AssertionError(e);
            }
        });
        bringing.start();
        Eventually.until(
                "it waits",
                () -> desk.checkpoints.stream().anyMatch(step -> step.startsWith("waiting for the lock")),
                () -> desk.checkpoints);
        assertThat(online.failure).isEmpty();
        end(other);
        bringing.join(10_000);

        assertThat(online.failure).isEmpty();
        assertThat(FileLocks.holders(file()))
                .containsExactly(
                        online.adoption.orElseThrow().processes().getFirst().pid());
    }

    @Test
    void tellsAtOnceThatItsHolderEnded() throws Exception {
        var desk = desk(Map.of());
        var entries = desk.type().open(desk);
        var online = desk.new Now();
        entries.online(online);
        var holder = online.adoption.orElseThrow().processes().getFirst().pid();

        Shell.run("kill", "-9", Long.toString(holder));

        assertThat(desk.raised.get(10, TimeUnit.SECONDS))
                .contains("the lock on '%s' is lost: its holder, process %d, ended by signal 9"
                        .formatted(file(), holder));
        assertThat(entries.isAlive()).isInstanceOf(Health.Dead.class);
        assertThat(lockable()).isTrue();
    }

    @Test
    void aLockOnAFileThatWasReplacedIsDead() throws Exception {
        var desk = desk(Map.of());
        var entries = desk.type().open(desk);
        entries.online(desk.new Now());
        Files.delete(file());
        Files.createFile(file());

        // a check that takes longer than a call may is told later
        Eventually.until("it is dead", () -> entries.isAlive() instanceof Health.Dead, entries::isAlive);
        assertThat(((Health.Dead) entries.isAlive()).evidence()).contains("it was replaced: its inode is");
    }

    @Test
    void aLaterMonitorAdoptsTheVeryHolder() throws Exception {
        var desk = desk(Map.of());
        var online = desk.new Now();
        desk.type().open(desk).online(online);
        var holder = online.adoption.orElseThrow().processes().getFirst();
        var later = desk.after(online.adoption.orElseThrow(), supervisor.of("r", directory));

        var adopted = later.type().open(later);

        assertThat(adopted.isAlive()).isEqualTo(Health.alive());
        assertThat(FileLocks.holders(file())).containsExactly(holder.pid());
        adopted.terminate(Reason.REQUESTED);
        assertThat(ProcessTable.alive(holder.pid(), holder.startTicks())).isFalse();
        assertThat(lockable()).isTrue();
    }

    @Test
    void refusesAFolderThatIsNotThere() throws Exception {
        var desk = desk(Map.of("path", "/no/such/lock"));
        var online = desk.new Now();
        desk.type().open(desk).online(online);
        var unrooted = desk(Map.of("path", "lock"));

        assertThat(online.failure.orElseThrow()).hasMessageContaining("its folder does not exist on this node");
        assertThatThrownBy(() -> unrooted.type().open(unrooted)).hasMessageContaining("is not a full path");
    }

    private Path file() {
        return directory.resolve("lock");
    }

    private boolean lockable() throws Exception {
        return new ProcessBuilder("flock", "--nonblock", file().toString(), "true")
                        .start()
                        .waitFor()
                == 0;
    }

    private Process holder() throws Exception {
        var other = new ProcessBuilder("flock", file().toString(), "sleep", "300").start();
        Eventually.until("the other holds it", () -> FileLocks.held(other.pid()).isPresent(), other::info);
        return other;
    }

    private static void end(Process other) throws Exception {
        other.descendants().forEach(ProcessHandle::destroyForcibly);
        other.destroyForcibly().waitFor();
    }

    private TestDesk desk(Map<String, Object> more) {
        var set = new HashMap<String, Object>(Map.of("path", file().toString()));
        set.putAll(more);
        return TestDesk.of("file-lock", set, directory, supervisor.of("r", directory));
    }
}
