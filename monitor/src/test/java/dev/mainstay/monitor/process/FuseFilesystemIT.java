package dev.mainstay.monitor.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.linux.FuseServer;
import dev.mainstay.linux.Mount;
import dev.mainstay.linux.MountTable;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A `filesystem` resource that a process serves: `bindfs`, by FUSE.
class FuseFilesystemIT extends SupervisedResource {
    private static final Duration AT_ONCE = Duration.ofSeconds(3);

    /// What hangs after a failed test must not stay on the machine.
    @AfterEach
    void unmountWhatIsLeft() throws Exception {
        if (MountTable.read().at(point()).isPresent()) {
            Shell.run("umount", "--force", point().toString());
        }
    }

    @Test
    void mountsItAndLeavesNeitherMountNorServer() throws Exception {
        var desk = desk();
        var entries = online(desk);
        var server = server();

        Files.writeString(point().resolve("file"), "kept");
        assertThat(entries.isAlive()).isEqualTo(Health.alive());
        assertThat(mount().type()).startsWith("fuse");
        offline(desk, entries);

        assertThat(MountTable.read().at(point())).isEmpty();
        assertThat(server.alive()).isFalse();
        assertThat(directory.resolve("source/file")).hasContent("kept");
    }

    @Test
    void aServerThatHangsIsNamedInTimeAndOfflineGetsRidOfIt() throws Exception {
        var desk = desk();
        var entries = online(desk);
        var server = hanging();

        var begin = System.nanoTime();
        assertThat(entries.isAlive()).isEqualTo(Health.alive());
        assertThat(since(begin)).isLessThan(AT_ONCE);
        var evidence = desk.raised.get(10, TimeUnit.SECONDS);

        assertThat(since(begin)).isLessThan(AT_ONCE);
        assertThat(evidence)
                .startsWith("'%s' did not answer in 700 ms; process ".formatted(point()))
                .contains("its FUSE server, process %d (bindfs), is stopped (state T)".formatted(server.pid()));
        assertThat(entries.isAlive()).isEqualTo(Health.dead(evidence));
        offline(desk, entries);
        assertThat(MountTable.read().at(point())).isEmpty();
        assertThat(server.alive()).isFalse();
    }

    @Test
    void terminateGetsRidOfAServerThatHangs() throws Exception {
        var entries = online(desk());
        var server = hanging();

        entries.terminate(Reason.FAILURE);

        assertThat(MountTable.read().at(point())).isEmpty();
        assertThat(server.alive()).isFalse();
    }

    @Test
    void openGetsRidOfAServerThatHangsAndNobodyProves() throws Exception {
        online(desk());
        var server = hanging();
        var desk = desk();

        desk.type().open(desk);

        assertThat(MountTable.read().at(point())).isEmpty();
        assertThat(server.alive()).isFalse();
    }

    @Test
    void aServerThatIsGoneIsFoundByTheCheck() throws Exception {
        var desk = desk();
        var entries = online(desk);
        Shell.run("kill", "-KILL", Long.toString(server().pid()));

        assertThat(entries.isAlive())
                .isInstanceOfSatisfying(
                        Health.Dead.class,
                        dead -> assertThat(dead.evidence()).contains("Transport endpoint is not connected"));
        offline(desk, entries);
        assertThat(MountTable.read().at(point())).isEmpty();
    }

    @Test
    void aLaterMonitorAdoptsItWithItsServer() throws Exception {
        var desk = desk();
        var now = desk.new Now();
        desk.type().open(desk).online(now);
        var server = server();
        supervisor.close();
        startSupervisor();
        var later = desk.after(now.adoption.orElseThrow(), supervisor.of("r", directory));

        var adopted = later.type().open(later);

        assertThat(adopted.isAlive()).isEqualTo(Health.alive());
        assertThat(server().pid()).isEqualTo(server.pid());
        offline(later, adopted);
        assertThat(server.alive()).isFalse();
    }

    private FuseServer hanging() throws Exception {
        var server = server();
        Shell.run("kill", "-STOP", Long.toString(server.pid()));
        return server;
    }

    private FuseServer server() throws Exception {
        var servers = FuseServer.of(mount());
        assertThat(servers).hasSize(1);
        return servers.getFirst();
    }

    private Mount mount() throws Exception {
        return MountTable.read().at(point()).orElseThrow();
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private static EntryPoints online(TestDesk desk) throws Exception {
        var entries = desk.type().open(desk);
        var now = desk.new Now();
        entries.online(now);
        assertThat(now.failure).isEmpty();
        return entries;
    }

    private static void offline(TestDesk desk, EntryPoints entries) throws Exception {
        var now = desk.new Now();
        entries.offline(now);
        assertThat(now.failure).isEmpty();
    }

    private Path point() {
        return directory.resolve("mounted");
    }

    private TestDesk desk() throws Exception {
        var source = Files.createDirectories(directory.resolve("source"));
        return TestDesk.of(
                "filesystem",
                Map.of(
                        "device",
                        source.toString(),
                        "mountPoint",
                        point().toString(),
                        "fsType",
                        "fuse.bindfs",
                        "checkTimeout",
                        "700ms",
                        "unmountTimeout",
                        "900ms",
                        "busyGrace",
                        "1s"),
                directory,
                supervisor.of("r", directory));
    }
}
