package dev.mainstay.monitor.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The machine's own podman with images and containers of a test alone; needs root, and no network.
///
/// It is called in a mount namespace of its own with plain control groups of version 2, because crun refuses a
/// machine that has both versions.
final class PrivatePodman implements AutoCloseable {
    static final String IMAGE = "localhost/mainstay-test:1";

    private final Path directory;

    private PrivatePodman(Path directory) {
        this.directory = directory;
    }

    static PrivatePodman withOneImage(Path directory) throws IOException {
        var podman = new PrivatePodman(directory);
        Files.writeString(directory.resolve("containers.conf"), """
                [containers]
                default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
                cgroups = "disabled"
                netns = "none"
                log_driver = "k8s-file"
                [engine]
                cgroup_manager = "cgroupfs"
                events_logger = "file"
                """);
        Files.writeString(directory.resolve("storage.conf"), """
                [storage]
                driver = "vfs"
                graphroot = "%1$s/images"
                runroot = "%1$s/run"
                """.formatted(directory));
        Files.writeString(directory.resolve("podman"), """
                #!/bin/sh
                exec unshare --mount sh -c 'umount -l /sys/fs/cgroup && mount -t cgroup2 cgroup2 /sys/fs/cgroup &&
                    exec podman "$@"' podman "$@"
                """);
        Files.setPosixFilePermissions(directory.resolve("podman"), PosixFilePermissions.fromString("rwxr-xr-x"));
        podman.importImage();
        return podman;
    }

    /// An image of nothing but a shell and its tools.
    private void importImage() throws IOException {
        var root = directory.resolve("root");
        Files.createDirectories(root.resolve("bin"));
        Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"));
        for (var tool : List.of("sh", "sleep", "test", "touch", "rm")) {
            Files.createSymbolicLink(root.resolve("bin/" + tool), Path.of("busybox"));
        }
        var tar = directory.resolve("image.tar").toString();
        run(List.of("tar", "-C", root.toString(), "-cf", tar, "."));
        say("import", tar, IMAGE);
    }

    String program() {
        return directory.resolve("podman").toString();
    }

    Map<String, String> environment() {
        return Map.of(
                "CONTAINERS_CONF", directory.resolve("containers.conf").toString(),
                "CONTAINERS_STORAGE_CONF", directory.resolve("storage.conf").toString());
    }

    /// Runs a command of podman, which must succeed, and answers what it printed.
    String say(String... arguments) {
        return run(Stream.concat(Stream.of(program()), Stream.of(arguments)).toList());
    }

    private String run(List<String> line) {
        try {
            var builder = new ProcessBuilder(line).redirectErrorStream(true);
            builder.environment().putAll(environment());
            var process = builder.start();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as("%s: %s", line, said).isZero();
            return said.strip();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(line + " cannot be run", e);
        }
    }

    @Override
    public void close() {
        say("rm", "--force", "--all", "--time", "0");
        say("rmi", "--force", "--all");
    }
}
