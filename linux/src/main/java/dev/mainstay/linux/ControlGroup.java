package dev.mainstay.linux;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// One control group of version 2: what is born in it stays in it, however often it forks.
///
/// @param path its folder in the mounted hierarchy
public record ControlGroup(Path path) {
    private static final Duration FIRST_LOOK = Duration.ofNanos(200_000);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(10);
    /// Who is left after so many looks, some milliseconds, is killed one by one.
    private static final int LOOKS_BEFORE_EACH = 4;

    private static final String TOGETHER = "Tgid:";
    /// The kernel's own choice.
    private static final long CPU_PERIOD_MICROS = 100_000;

    /// Makes the group unless it is there.
    public ControlGroup create() throws IOException {
        Files.createDirectories(path);
        return this;
    }

    /// Whether the group is there.
    public boolean exists() {
        return Files.isDirectory(path);
    }

    /// Whether a process runs in it or in a group below.
    public boolean populated() throws IOException {
        try {
            return SystemText.read(path.resolve("cgroup.events")).contains("populated 1");
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    /// Kills every process in it and below and waits until they have ended; false when some are left at the
    /// limit.
    ///
    /// The kernel's own kill passes over a process whose first thread has ended (seen on Linux 6.18): such a
    /// one is killed by a handle on it.
    public boolean kill(Duration limit) throws IOException {
        if (!populated()) {
            return true;
        }
        Files.writeString(path.resolve("cgroup.kill"), "1");
        var until = System.nanoTime() + limit.toNanos();
        var pause = FIRST_LOOK.toNanos();
        for (int looks = 0; populated(); looks++) {
            if (System.nanoTime() - until >= 0) {
                return false;
            }
            if (looks >= LOOKS_BEFORE_EACH) {
                killEach();
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(pause * 2, LONGEST_PAUSE.toNanos());
        }
        return true;
    }

    private void killEach() throws IOException {
        Map<Long, Pidfd> handles = new HashMap<>();
        try {
            for (var pid : processes()) {
                ProcessTable.read(pid)
                        .flatMap(entry -> Pidfd.open(pid, entry.startTicks()))
                        .ifPresent(handle -> handles.put(pid, handle));
            }
            // a handle stays with its process: who is a member now is the one that was meant
            for (var pid : processes()) {
                var handle = handles.get(pid);
                if (handle != null) {
                    handle.send(Signal.KILL);
                }
            }
        } finally {
            handles.values().forEach(Pidfd::close);
        }
    }

    /// Puts a process into the group.
    public void add(long pid) throws IOException {
        Files.writeString(path.resolve("cgroup.procs"), Long.toString(pid));
    }

    /// Limits the memory of all processes in it together; false when no memory controller is there for it.
    public boolean limitMemory(long bytes) throws IOException {
        return limit("memory", "memory.max", Long.toString(bytes));
    }

    /// Limits all processes in it together to a share of one processor, in percent; false when no CPU
    /// controller is there for it.
    public boolean limitCpu(int percent) throws IOException {
        long period = CPU_PERIOD_MICROS;
        return limit("cpu", "cpu.max", "%d %d".formatted(period * percent / 100, period));
    }

    private boolean limit(String controller, String file, String value) throws IOException {
        var limit = path.resolve(file);
        if (!Files.exists(limit)) {
            try {
                Files.writeString(path.resolveSibling("cgroup.subtree_control"), "+" + controller);
            } catch (IOException notDelegated) {
                // the kernel gives no controller to groups beside processes, or has none: the file stays away
                return false;
            }
        }
        if (!Files.exists(limit)) {
            return false;
        }
        Files.writeString(limit, value);
        return true;
    }

    /// The pids in it and below; also of a process whose first thread has ended, which the kernel's list of
    /// pids leaves out.
    public List<Long> processes() throws IOException {
        var pids = new ArrayList<Long>();
        try {
            var covered = new HashSet<Long>();
            for (var line : Files.readAllLines(path.resolve("cgroup.threads"))) {
                var thread = Long.parseLong(line);
                if (covered.add(thread)) {
                    together(thread).ifPresent(pid -> {
                        pids.add(pid);
                        ProcessTable.threads(pid).forEach(entry -> covered.add(entry.pid()));
                    });
                }
            }
            for (var child : children()) {
                pids.addAll(child.processes());
            }
        } catch (NoSuchFileException gone) {
            return List.of();
        }
        return pids.stream().distinct().toList();
    }

    /// The process that a thread belongs to.
    private static Optional<Long> together(long thread) {
        return ProcessTable.text(thread, "status").stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith(TOGETHER))
                .map(line -> Long.parseLong(line.substring(TOGETHER.length()).strip()))
                .findFirst();
    }

    /// Removes the group and the empty ones below; false when a process still is in one of them.
    public boolean remove() throws IOException {
        try {
            for (var child : children()) {
                if (!child.remove()) {
                    return false;
                }
            }
            Files.deleteIfExists(path);
            return true;
        } catch (NoSuchFileException gone) {
            return true;
        } catch (DirectoryNotEmptyException busy) {
            return false;
        } catch (FileSystemException e) {
            // the kernel answers "device or resource busy" as long as a process is inside
            if (populated()) {
                return false;
            }
            throw e;
        }
    }

    private List<ControlGroup> children() throws IOException {
        var found = new ArrayList<ControlGroup>();
        try (var folders = Files.newDirectoryStream(path, Files::isDirectory)) {
            folders.forEach(folder -> found.add(new ControlGroup(folder)));
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return found;
    }
}
