package dev.mainstay.monitor.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A real systemd with a bus and a journal of its own, first process of namespaces of its own; needs root.
///
/// It knows only the units that a test gives it, and shares nothing it could change with this machine but the
/// test's folder. Its control groups are below one that is removed with it.
final class PrivateSystemd implements AutoCloseable {
    /// No test takes as long; whatever happens to the test, nothing is left after this.
    private static final String LIFETIME_SECONDS = "240";

    private final Path directory;
    private final Path controlGroup;
    private final Process outer;

    private PrivateSystemd(Path directory, Path controlGroup, Process outer) {
        this.directory = directory;
        this.controlGroup = controlGroup;
        this.outer = outer;
    }

    static PrivateSystemd start(Path directory) throws Exception {
        for (var folder : List.of("nothing", "units", "drop-ins")) {
            Files.createDirectories(directory.resolve(folder));
        }
        Files.writeString(directory.resolve("journald.conf"), "[Journal]\nStorage=volatile\nReadKMsg=no\n");
        write(directory, "shutdown.target", "");
        write(directory, "basic.target", "Requires=dbus.service systemd-journald.service\n");
        write(directory, "dbus.socket", "[Socket]\nListenStream=/run/dbus/system_bus_socket\n");
        write(directory, "dbus.service", """
                Requires=dbus.socket
                After=dbus.socket systemd-journald.service
                [Service]
                Type=notify
                ExecStart=/usr/bin/dbus-daemon --system --address=systemd: --nofork --nopidfile --systemd-activation
                """);
        write(
                directory,
                "systemd-journald.service",
                "[Service]\nType=notify\nExecStart=/lib/systemd/systemd-journald\n");
        var boot = directory.resolve("boot.sh");
        try (var script = PrivateSystemd.class.getResourceAsStream("/systemd/boot.sh")) {
            Files.write(boot, script.readAllBytes());
        }
        var group = unified().resolve("mainstay-test-" + directory.getFileName());
        var line = List.of(
                "sh",
                "-c",
                "mkdir \"$0\" && echo $$ >\"$0/cgroup.procs\" && exec timeout --foreground -s KILL " + LIFETIME_SECONDS
                        + " unshare --mount --pid --fork --kill-child --mount-proc --ipc --uts --net --cgroup"
                        + " sh \"$1\" \"$2\"",
                group.toString(),
                boot.toString(),
                directory.toString());
        var outer = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("console.log").toFile())
                .start();
        var started = new PrivateSystemd(directory, group, outer);
        try {
            Eventually.until("a bus with systemd on it", started::answers, started::console);
        } catch (AssertionError e) {
            started.close();
            throw e;
        }
        return started;
    }

    /// A unit that depends on nothing.
    void write(String name, String text) throws IOException {
        write(directory, name, text);
    }

    private static void write(Path directory, String name, String text) throws IOException {
        Files.writeString(directory.resolve("units").resolve(name), "[Unit]\nDefaultDependencies=no\n" + text);
    }

    String bus() {
        return "unix:path=" + inside("run/dbus/system_bus_socket");
    }

    String dropIns() {
        return directory.resolve("drop-ins").toString();
    }

    String journal() {
        return inside("run/log/journal").toString();
    }

    /// Asks it by its own command; answers what was printed, behind the exit code.
    String systemctl(String... arguments) {
        var line = Stream.concat(
                        Stream.of("nsenter", "--target", Long.toString(pid()), "--mount", "--pid", "systemctl"),
                        Stream.of(arguments))
                .toList();
        try {
            var process = new ProcessBuilder(line).redirectErrorStream(true).start();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return (process.waitFor() + " " + said).strip();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(line + " cannot be run", e);
        }
    }

    String console() {
        try {
            return Files.readString(directory.resolve("console.log"));
        } catch (IOException e) {
            return "no console: " + e.getMessage();
        }
    }

    private boolean answers() {
        return Files.exists(inside("run/dbus/system_bus_socket"))
                && systemctl("is-active", "dbus").equals("0 active");
    }

    private Path inside(String path) {
        return Path.of("/proc/" + pid() + "/root").resolve(path);
    }

    /// systemd is the child of unshare, which timeout runs.
    private long pid() {
        return outer.descendants()
                .filter(handle -> handle.info().command().orElse("").endsWith("/systemd"))
                .mapToLong(ProcessHandle::pid)
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() {
        outer.descendants().forEach(ProcessHandle::destroyForcibly);
        outer.destroyForcibly();
        Eventually.until("systemd has ended", () -> !outer.isAlive(), this::console);
        Eventually.until("its control groups are gone", this::removeControlGroup, () -> controlGroup.toString());
    }

    private boolean removeControlGroup() {
        try (var folders = Files.find(controlGroup, 20, (path, kind) -> kind.isDirectory())) {
            for (var folder : folders.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(folder);
            }
            return true;
        } catch (IOException stillUsed) {
            return !Files.exists(controlGroup);
        }
    }

    private static Path unified() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .map(line -> line.split(" "))
                .filter(fields -> fields[2].equals("cgroup2"))
                .map(fields -> Path.of(fields[1]))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no cgroup2 is mounted on this machine"));
    }
}
