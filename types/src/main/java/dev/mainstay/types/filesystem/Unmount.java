package dev.mainstay.types.filesystem;

import dev.mainstay.linux.FileUser;
import dev.mainstay.linux.FuseServer;
import dev.mainstay.linux.Mount;
import dev.mainstay.linux.MountTable;
import dev.mainstay.linux.Pidfd;
import dev.mainstay.linux.ProcessTable;
import dev.mainstay.linux.Signal;
import dev.mainstay.linux.SystemText;
import dev.mainstay.spi.Processes.Command;
import dev.mainstay.spi.Processes.Finished;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Takes a mount away, as far as the policy goes against those who hold it.
///
/// There is no lazy unmount: it hides the mount from new users while the old ones go on writing to the device,
/// which then has two owners.
final class Unmount {
    private static final Duration PAUSE = Duration.ofMillis(200);
    /// Finding out who holds it reads a good part of /proc.
    private static final int ATTEMPTS_PER_LOOK = 5;

    private static final Path LOOPS = Path.of("/sys/block");
    private static final long INIT = 1;

    private final ResourceContext context;
    private final Held held;
    private final boolean bind;
    private final Consumer<String> told;
    /// Whether its FUSE server hangs, so that it is cut off from it.
    private boolean cut;

    /// @param told hears each step
    Unmount(ResourceContext context, Held held, boolean bind, Consumer<String> told) {
        this.context = context;
        this.held = held;
        this.bind = bind;
        this.told = told;
    }

    /// Returns when it is unmounted and its device is free.
    ///
    /// @param patient whether holders get time to end by themselves first
    /// @param hangs whether a check of it hangs and cannot be ended
    void run(boolean patient, boolean hangs) throws ResourceFailure, InterruptedException {
        try {
            var mount = held.in(MountTable.read());
            if (mount.isPresent()) {
                var servers = FuseServer.of(mount.get());
                cut = hangs && FuseServer.serves(mount.get());
                unmount(mount.get(), patient);
                if (patient && !cut) {
                    awaitEnd(servers);
                }
            }
            if (!bind) {
                assertFree();
            }
        } catch (IOException e) {
            throw new ResourceFailure(asked() + "the mounts of this node cannot be read: " + e.getMessage(), e);
        }
    }

    private void unmount(Mount mount, boolean patient) throws ResourceFailure, InterruptedException, IOException {
        var policy = OnBusy.of(context.properties().text("onBusy"));
        var grace = context.properties().duration("busyGrace");
        var top = MountTable.read().at(held.point());
        if (top.isPresent() && top.get().id() != mount.id()) {
            throw new ResourceFailure(asked()
                    + "it is covered by '%s' (%s), which somebody else mounted. Unmount that first: umount %s"
                            .formatted(top.get().source(), top.get().type(), held.point()));
        }
        told.accept("unmounting '%s'".formatted(held.point()));
        var last = attempt(mount);
        if (gone()) {
            return;
        }
        if (patient && await(mount, grace, "waiting for its holders")) {
            return;
        }
        for (var step : List.of(OnBusy.TERM, OnBusy.KILL)) {
            if (policy.reaches(step)) {
                end(step);
                if (await(mount, grace, "sent %s to its holders".formatted(step))) {
                    return;
                }
            }
        }
        throw new ResourceFailure(asked()
                + "it is in use: %s. umount says: %s. End them, or set onBusy (now %s) to what may be done to them; there is no forced way that leaves its device free"
                        .formatted(
                                evidence(mount),
                                last.output().strip(),
                                context.properties().text("onBusy")));
    }

    private boolean await(Mount mount, Duration limit, String doing)
            throws ResourceFailure, InterruptedException, IOException {
        var begin = System.nanoTime();
        for (int i = 0; ; i++) {
            var passed = Duration.ofNanos(System.nanoTime() - begin);
            if (passed.compareTo(limit) >= 0) {
                return false;
            }
            if (i % ATTEMPTS_PER_LOOK == 0) {
                // a step that changes each minute keeps the pending timeout from cutting a long grace short
                told.accept("%s, for %d min: %s".formatted(doing, passed.toMinutes(), evidence(mount)));
            }
            Thread.sleep(PAUSE);
            attempt(mount);
            if (gone()) {
                return true;
            }
        }
    }

    /// What a FUSE server has not written yet when it is cut off is lost, so it gets its time first. One that
    /// hangs would keep the mount, and with it the group, here for ever.
    private Finished attempt(Mount mount) throws ResourceFailure, InterruptedException {
        var said = umount(cut || mount.type().startsWith("nfs"));
        if (!said.timedOut() || cut || !FuseServer.serves(mount)) {
            return said;
        }
        context.logger()
                .log(
                        Level.WARNING,
                        "unmounting ''{0}'': umount did not end in time, so it is cut off from its server: {1}",
                        held.point(),
                        FuseServer.of(mount).stream().map(FuseServer::words).collect(Collectors.joining("; ")));
        cut = true;
        return umount(true);
    }

    /// A FUSE server writes what it still has after its file system is unmounted, and ends then.
    private void awaitEnd(List<FuseServer> servers) throws InterruptedException {
        var limit = context.properties().duration("busyGrace");
        for (var begin = System.nanoTime();
                System.nanoTime() - begin < limit.toNanos() && servers.stream().anyMatch(FuseServer::alive); ) {
            told.accept("waiting for the end of its server");
            Thread.sleep(PAUSE);
        }
    }

    /// @param force gives up what a silent server owes; it is no lazy unmount
    private Finished umount(boolean force) throws ResourceFailure, InterruptedException {
        var line = new ArrayList<>(List.of("umount"));
        if (force) {
            line.add("--force");
        }
        line.add(held.point().toString());
        var directory = context.directory();
        var command = new Command(line, Map.of(), "", directory, directory.resolve("output.log"));
        return context.processes().run(command, context.properties().duration("unmountTimeout"));
    }

    private boolean gone() throws IOException {
        return held.in(MountTable.read()).isEmpty();
    }

    /// Only who holds it at this moment is ended, by a handle that cannot reach another process of the same pid.
    private void end(OnBusy step) {
        var spared = spared();
        for (var holder : FileUser.of(held.point())) {
            if (spared.contains(holder.pid()) || ofTheCluster(holder.pid())) {
                continue;
            }
            context.logger()
                    .log(Level.WARNING, "unmounting ''{0}'': sends {1} to {2}", held.point(), step, holder.words());
            Pidfd.open(holder.pid(), holder.startTicks()).ifPresent(process -> {
                try (process) {
                    process.send(step == OnBusy.KILL ? Signal.KILL : Signal.TERM);
                }
            });
        }
    }

    /// The first process, this monitor and whoever started it, and the cluster's own processes.
    private static Set<Long> spared() {
        var spared = new HashSet<>(Set.of(INIT));
        Stream.iterate(
                        Optional.of(ProcessHandle.current()),
                        Optional::isPresent,
                        process -> process.flatMap(ProcessHandle::parent))
                .forEach(process -> spared.add(process.get().pid()));
        return spared;
    }

    private static boolean ofTheCluster(long pid) {
        return ProcessTable.commandLine(pid).stream().anyMatch(word -> word.startsWith("dev.mainstay."));
    }

    private String evidence(Mount mount) throws IOException {
        var point = held.point();
        var holders = FileUser.of(point).stream().map(FileUser::words);
        var inside = MountTable.read().inside(mount).stream()
                .map(other ->
                        "'%s' (%s) is mounted inside at '%s'".formatted(other.source(), other.type(), other.point()));
        var all = Stream.of(holders, inside, loops(point), swaps(point))
                .flatMap(words -> words)
                .collect(Collectors.joining("; "));
        return all.isEmpty() ? "something in the kernel that shows no process (an NFS export, for example)" : all;
    }

    private static Stream<String> loops(Path point) throws IOException {
        if (!Files.isDirectory(LOOPS)) {
            return Stream.empty();
        }
        var words = new ArrayList<String>();
        try (var devices = Files.newDirectoryStream(LOOPS, "loop*")) {
            for (var device : devices) {
                var backing = device.resolve("loop/backing_file");
                if (Files.exists(backing)
                        && Path.of(SystemText.read(backing).strip()).startsWith(point)) {
                    words.add("/dev/%s is made of '%s'"
                            .formatted(
                                    device.getFileName(),
                                    SystemText.read(backing).strip()));
                }
            }
        }
        return words.stream();
    }

    private static Stream<String> swaps(Path point) throws IOException {
        return SystemText.lines(Path.of("/proc/swaps")).stream()
                .map(line -> line.split("\\s+")[0])
                .filter(file -> file.startsWith(point + "/"))
                .map("this node swaps to '%s'"::formatted);
    }

    /// A device that is still mounted somewhere must not be mounted by another node.
    private void assertFree() throws ResourceFailure, IOException {
        var here = MountTable.read().mounts().stream()
                .filter(held::sameDevice)
                .map(other -> "it is mounted at '%s' too".formatted(other.point()));
        var elsewhere = MountTable.elsewhere(held::sameDevice).stream()
                .map(other -> "process %d (%s) has it mounted at '%s' in a mount namespace of its own"
                        .formatted(
                                other.pid(),
                                ProcessTable.name(other.pid()),
                                other.mount().point()));
        var users = Stream.concat(here, elsewhere).collect(Collectors.joining("; "));
        if (!users.isEmpty()) {
            throw new ResourceFailure(asked()
                    + "it is unmounted there, but its device '%s' is still in use: %s. Unmount it there, or end that process"
                            .formatted(held.source(), users));
        }
    }

    private String asked() {
        return "unmounting '%s' of '%s': ".formatted(held.point(), context.resource());
    }
}
