package dev.mainstay.monitor.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/// The machine's own podman with a store of its own.
///
/// It is called in a mount namespace of its own with plain control groups of version 2, because crun refuses a
/// machine that has both versions.
public final class PrivatePodman extends PrivateEngine {
    private PrivatePodman(Path directory) {
        super(directory);
    }

    /// A podman that knows the test's image.
    public static PrivatePodman start(Path directory) throws IOException {
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
        var podman = new PrivatePodman(directory);
        podman.importImage();
        return podman;
    }

    @Override
    public String program() {
        return directory.resolve("podman").toString();
    }

    @Override
    public Map<String, String> environment() {
        return Map.of(
                "CONTAINERS_CONF", directory.resolve("containers.conf").toString(),
                "CONTAINERS_STORAGE_CONF", directory.resolve("storage.conf").toString());
    }

    @Override
    public void close() {
        removeContainers();
        say("rmi", "--force", "--all");
    }
}
