package dev.mainstay.monitor.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A real systemd with a bus and a journal of its own, first process of namespaces of its own; needs root.
///
/// It knows only the units that a test gives it, and shares nothing it could change with this machine but the
/// test's folder. Its control groups are below one that is removed with it.
public final class PrivateSystemd implements AutoCloseable {
    private final Path directory;
    private final PrivateControlGroup group;
    private final Process outer;

    private PrivateSystemd(Path directory, PrivateControlGroup group, Process outer) {
        this.directory = directory;
        this.group = group;
        this.outer = outer;
    }

    /// Boots it; it knows the units in `directory`.
    public static PrivateSystemd start(Path directory) throws Exception {
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
        var group = PrivateControlGroup.of(directory);
        var outer = group.start(
                List.of("--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--ipc", "--uts", "--net"),
                boot,
                directory);
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
    public void write(String name, String text) throws IOException {
        write(directory, name, text);
    }

    private static void write(Path directory, String name, String text) throws IOException {
        Files.writeString(directory.resolve("units").resolve(name), "[Unit]\nDefaultDependencies=no\n" + text);
    }

    /// The address of its bus, as seen from here.
    public String bus() {
        return "unix:path=" + inside("run/dbus/system_bus_socket");
    }

    /// Where it looks for drop-ins.
    public String dropIns() {
        return directory.resolve("drop-ins").toString();
    }

    /// The folder of its journal.
    public String journal() {
        return inside("run/log/journal").toString();
    }

    /// Asks it by its own command; answers what was printed, behind the exit code.
    public String systemctl(String... arguments) {
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
        group.close();
    }
}
