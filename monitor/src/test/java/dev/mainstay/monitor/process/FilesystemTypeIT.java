package dev.mainstay.monitor.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.fixtures.Eventually;
import dev.mainstay.linux.MountTable;
import dev.mainstay.linux.ProcessTable;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The life of a `filesystem` resource over real mounts in a folder of the test.
class FilesystemTypeIT {
    /// An event is told within milliseconds; without one the mounts are read after five seconds.
    private static final Duration AT_ONCE = Duration.ofSeconds(3);

    @TempDir
    Path directory;

    private final Deque<Process> started = new ArrayDeque<>();
    private ProcessSupervisor supervisor = new ProcessSupervisor("unused");
    private Optional<String> loop = Optional.empty();

    @BeforeEach
    void startSupervisor() {
        supervisor = new ProcessSupervisor(
                "test-%d/%s".formatted(ProcessHandle.current().pid(), directory.getFileName()));
    }

    @AfterEach
    void endWhatIsLeft() throws Exception {
        for (var process : started) {
            process.destroyForcibly().waitFor();
        }
        supervisor.of("r", directory).endAll();
        supervisor.close();
        for (var mount : MountTable.read().mounts().reversed()) {
            if (Path.of(mount.point()).startsWith(directory)) {
                Shell.run("umount", mount.point());
            }
        }
        if (loop.isPresent()) {
            Shell.run("losetup", "-d", loop.get());
        }
    }

    @Test
    void mountsWhatIsAskedForAndUnmountsIt() throws Exception {
        var desk = desk(Map.of("options", List.of("size=1m", "noexec")));
        var entries = online(desk);

        var mount = MountTable.read().at(point()).orElseThrow();
        assertThat(mount.type()).isEqualTo("tmpfs");
        assertThat(mount.options()).contains("noexec");
        assertThat(entries.isAlive()).isEqualTo(Health.alive());
        assertThat(point()).isEmptyDirectory();

        offline(desk, entries);
        assertThat(MountTable.read().at(point())).isEmpty();
        offline(desk, entries);
    }

    @Test
    void mountsADeviceAndAFolder() throws Exception {
        var entries = online(desk(Map.of("device", device(), "fsType", "ext4")));
        assertThat(entries.isAlive()).isEqualTo(Health.alive());
        Files.writeString(point().resolve("file"), "kept");

        var other = directory.resolve("other");
        var bound = TestDesk.of(
                "filesystem",
                Map.of(
                        "device",
                        point().toString(),
                        "mountPoint",
                        other.toString(),
                        "fsType",
                        "bind",
                        "options",
                        List.of("ro")),
                Files.createDirectories(directory.resolve("own2")),
                supervisor.of("r", directory));
        var boundEntries = online(bound);
        assertThat(other.resolve("file")).hasContent("kept");
        assertThat(boundEntries.isAlive()).isEqualTo(Health.alive());
        offline(bound, boundEntries);
        assertThat(MountTable.read().at(other)).isEmpty();
    }

    @Test
    void saysWhatMountSaidAndWhereToLook() throws Exception {
        var empty = directory.resolve("empty.img");
        Files.write(empty, new byte[1 << 20]);
        assertThat(tried(desk(Map.of("device", empty.toString(), "fsType", "ext4"))))
                .hasMessageContaining("wrong fs type")
                .hasMessageContaining("dmesg");
        assertThat(tried(desk(Map.of("device", "/dev/no-such-device"))))
                .hasMessageContaining("does not exist on this node");
        assertThat(tried(desk(Map.of(
                        "createMountPoint",
                        false,
                        "mountPoint",
                        directory.resolve("no/such").toString()))))
                .hasMessageContaining("the mount point is no folder");
    }

    @Test
    void neitherUsesNorRemovesWhatSomebodyElseMounted() throws Exception {
        Files.createDirectories(point());
        Shell.run("mount", "-t", "tmpfs", "foreign", point().toString());
        var desk = desk(Map.of());

        assertThat(tried(desk)).hasMessageContaining("'foreign' (tmpfs) is mounted there already");
        assertThat(MountTable.read().at(point()).orElseThrow().source()).isEqualTo("foreign");
    }

    @Test
    void refusesADeviceThatIsMountedElsewhere() throws Exception {
        var elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
        Shell.run("mount", device(), elsewhere.toString());

        assertThat(tried(desk(Map.of("device", device()))))
                .hasMessageContaining("the device is mounted on this node already, at '%s'", elsewhere);
    }

    /// Its path was looked up in the table of mounts, its other names were not.
    @Test
    void refusesItByWhateverNameItIsCalled() throws Exception {
        var elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
        var label = "m%08x".formatted(directory.hashCode());
        Shell.run("e2label", device(), label);
        Shell.run("mount", device(), elsewhere.toString());
        var link = Files.createSymbolicLink(directory.resolve("by-hand"), Path.of(device()));
        var hardLink = Files.createLink(directory.resolve("image-again"), directory.resolve("image"));
        var uuid = Shell.run("blkid", "-o", "value", "-s", "UUID", device()).strip();

        for (var name : List.of(
                "UUID=" + uuid,
                "LABEL=" + label,
                link.toString(),
                hardLink.toString(),
                directory.resolve("image").toString())) {
            assertThat(tried(desk(Map.of("device", name, "fsType", "ext4"))))
                    .as(name)
                    .hasMessageContaining("the device is mounted on this node already, at '%s'", elsewhere);
        }
        assertThat(tried(desk(Map.of("device", "UUID=no-such"))))
                .hasMessageContaining("no device of this node is called so");
    }

    @Test
    void namesWhoHoldsItAndEndsNobodyByDefault() throws Exception {
        var desk = desk(Map.of("busyGrace", "300ms"));
        var entries = online(desk);
        var holder = holder("exec sleep 300 >file");
        var refused = desk.new Now();
        entries.offline(refused);

        assertThat(refused.failure.orElseThrow())
                .hasMessageContaining(
                        "it is in use: process %d (sleep) has '%s' open", holder.pid(), point().resolve("file"));
        assertThatThrownBy(() -> entries.terminate(Reason.FAILURE)).hasMessageContaining("it is in use");
        assertThat(holder.isAlive()).isTrue();
        assertThat(MountTable.read().at(point())).isPresent();

        holder.destroyForcibly().waitFor();
        offline(desk, entries);
    }

    @Test
    void waitsForHoldersThatEndByThemselves() throws Exception {
        var desk = desk(Map.of());
        var entries = online(desk);
        holder("exec sleep 1 >file");

        offline(desk, entries);

        assertThat(desk.checkpoints).anyMatch(step -> step.startsWith("waiting for its holders, for 0 min: process "));
    }

    @Test
    void asksHoldersToEndAndKillsThoseWhoDoNotWhenItMay() throws Exception {
        var desk = desk(Map.of("busyGrace", "300ms", "onBusy", "kill"));
        var entries = online(desk);
        var polite = holder("exec sleep 300 >polite");
        var stubborn = holder("trap '' TERM; exec sleep 300 >stubborn");
        var bystander = new ProcessBuilder("sleep", "300").start();
        started.add(bystander);

        offline(desk, entries);

        assertThat(polite.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(polite.exitValue()).isEqualTo(128 + 15);
        assertThat(stubborn.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(stubborn.exitValue()).isEqualTo(128 + 9);
        assertThat(bystander.isAlive()).isTrue();
    }

    @Test
    void neverEndsTheMonitorItself() throws Exception {
        var desk = desk(Map.of("busyGrace", "200ms", "onBusy", "kill"));
        var entries = online(desk);
        try (var _ = Files.newOutputStream(point().resolve("mine"))) {
            var refused = desk.new Now();
            entries.offline(refused);
            assertThat(refused.failure.orElseThrow())
                    .hasMessageContaining(
                            "process %d (java) has", ProcessHandle.current().pid());
        }
        offline(desk, entries);
    }

    @Test
    void isNotOfflineWhileItsDeviceIsMountedInAnotherNamespace() throws Exception {
        var desk = desk(Map.of("device", device()));
        var entries = online(desk);
        var keeper = new ProcessBuilder("unshare", "--mount", "--propagation", "private", "sleep", "300").start();
        started.add(keeper);
        Eventually.until(
                "it has a namespace of its own",
                () -> ProcessTable.name(keeper.pid()).equals("sleep"),
                keeper::info);

        var refused = desk.new Now();
        entries.offline(refused);
        assertThat(refused.failure.orElseThrow())
                .hasMessageContaining(
                        "is still in use: process %d (sleep) has it mounted at '%s'", keeper.pid(), point());
        assertThatThrownBy(() -> entries.terminate(Reason.FAILURE)).hasMessageContaining("is still in use");

        keeper.destroyForcibly().waitFor();
        offline(desk, entries);
    }

    @Test
    void tellsAtOnceThatItWasUnmounted() throws Exception {
        var desk = desk(Map.of());
        var entries = online(desk);

        var evidence = toldAfter(desk, "umount", point().toString());

        assertThat(evidence).isEqualTo("'%s' was unmounted: nothing is mounted there now".formatted(point()));
        assertThat(entries.isAlive()).isEqualTo(Health.dead(evidence));
    }

    @Test
    void tellsAtOnceThatItWasRemountedReadOnly() throws Exception {
        var desk = desk(Map.of("device", device()));
        var entries = online(desk);

        assertThat(toldAfter(desk, "mount", "-o", "remount,ro", point().toString()))
                .startsWith("'%s' has become read-only".formatted(point()));
        assertThat(entries.isAlive()).isInstanceOf(Health.Dead.class);
    }

    @Test
    void anErrorOfItsDeviceMakesItReadOnlyAndThatIsItsFailure() throws Exception {
        var desk = desk(Map.of("device", device(), "options", List.of("errors=remount-ro")));
        var entries = online(desk);
        var errors = "/sys/fs/ext4/%s/trigger_fs_error".formatted(device().substring("/dev/".length()));

        Files.writeString(Path.of(errors), "found by a test");

        assertThat(entries.isAlive())
                .isInstanceOfSatisfying(
                        Health.Dead.class,
                        dead -> assertThat(dead.evidence()).startsWith("'%s' has become read-only".formatted(point())));
        assertThat(desk.raised.get(10, TimeUnit.SECONDS)).startsWith("'%s' has become read-only".formatted(point()));
        offline(desk, entries);
    }

    @Test
    void tellsAtOnceThatSomethingCoversItAndLeavesThatAlone() throws Exception {
        var desk = desk(Map.of());
        var entries = online(desk);

        assertThat(toldAfter(desk, "mount", "-t", "tmpfs", "cover", point().toString()))
                .isEqualTo("'%s' is covered: 'cover' (tmpfs) was mounted over it".formatted(point()));
        var refused = desk.new Now();
        entries.offline(refused);
        assertThat(refused.failure.orElseThrow())
                .hasMessageContaining("it is covered by 'cover' (tmpfs), which somebody else mounted");
    }

    @Test
    void aFullFileSystemIsAlive() throws Exception {
        var entries = online(desk(Map.of("options", List.of("size=64k"))));
        assertThatThrownBy(() -> Files.write(point().resolve("all"), new byte[1 << 20]))
                .hasMessageContaining("No space");

        assertThat(entries.isAlive()).isEqualTo(Health.alive());
        assertThat(entries.isAlive()).isEqualTo(Health.alive());
    }

    @Test
    void aCheckThatHangsInTheKernelHangsNobodyElse() throws Exception {
        var desk = desk(Map.of("device", device(), "checkTimeout", "700ms", "busyGrace", "0ms"));
        var entries = online(desk);
        Shell.run("fsfreeze", "--freeze", point().toString());
        try {
            var begin = System.nanoTime();
            assertThat(entries.isAlive()).isEqualTo(Health.alive());
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(AT_ONCE);

            var evidence = desk.raised.get(10, TimeUnit.SECONDS);
            assertThat(evidence)
                    .contains("'%s' did not answer in 700 ms; process ".formatted(point()))
                    .contains("in state D at ");
            for (int i = 0; i < 5; i++) {
                assertThat(entries.isAlive()).isEqualTo(Health.dead(evidence));
            }
            assertThat(ProcessTable.all().stream()
                            .filter(entry -> entry.state() == 'D'
                                    && ProcessTable.commandLine(entry.pid())
                                            .toString()
                                            .contains(point().toString())))
                    .hasSize(1);
        } finally {
            Shell.run("fsfreeze", "--unfreeze", point().toString());
        }
        Eventually.until("it is alive again", () -> entries.isAlive().equals(Health.alive()), entries::isAlive);
        offline(desk, entries);
    }

    @Test
    void aLaterMonitorAdoptsTheMountAndOpenRemovesWhatNothingProves() throws Exception {
        var desk = desk(Map.of());
        var now = desk.new Now();
        desk.type().open(desk).online(now);
        Files.writeString(point().resolve("file"), "kept");
        var later = desk.after(now.adoption.orElseThrow(), supervisor.of("r", directory));
        var adopted = later.type().open(later);

        assertThat(adopted.isAlive()).isEqualTo(Health.alive());
        assertThat(point().resolve("file")).hasContent("kept");
        var unproven = desk(Map.of());
        unproven.type().open(unproven);
        assertThat(MountTable.read().at(point())).isEmpty();
    }

    private EntryPoints online(TestDesk desk) throws Exception {
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

    private ResourceFailure tried(TestDesk desk) throws Exception {
        var entries = desk.type().open(desk);
        var now = desk.new Now();
        entries.online(now);
        entries.terminate(Reason.FAILURE);
        return now.failure.orElseThrow();
    }

    private static String toldAfter(TestDesk desk, String... deed) throws Exception {
        assertThat(desk.raised).isNotDone();
        Shell.run(deed);
        var begin = System.nanoTime();
        var evidence = desk.raised.get(10, TimeUnit.SECONDS);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(AT_ONCE);
        return evidence;
    }

    /// Starts a shell that opens a file of the mounted folder and keeps it.
    private Process holder(String script) throws Exception {
        var before = files();
        var process = new ProcessBuilder("sh", "-c", script.replace(">", ">" + point() + "/")).start();
        started.add(process);
        Eventually.until("it holds a file", () -> files() > before, process::info);
        return process;
    }

    private long files() {
        try (var all = Files.list(point())) {
            return all.count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// A small ext4 file system on a loop device.
    private String device() throws Exception {
        if (loop.isEmpty()) {
            var image = directory.resolve("image");
            Shell.run("truncate", "--size", "16M", image.toString());
            Shell.run("mkfs.ext4", "-q", image.toString());
            loop = Optional.of(
                    Shell.run("losetup", "--find", "--show", image.toString()).strip());
        }
        return loop.get();
    }

    private Path point() {
        return directory.resolve("mounted");
    }

    private TestDesk desk(Map<String, Object> more) throws Exception {
        var set = new HashMap<String, Object>(Map.of("device", "memory", "mountPoint", point().toString()));
        if (!more.containsKey("device")) {
            set.put("fsType", "tmpfs");
        }
        set.putAll(more);
        return TestDesk.of(
                "filesystem", set, Files.createDirectories(directory.resolve("own")), supervisor.of("r", directory));
    }
}
