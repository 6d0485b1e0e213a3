package dev.mainstay.monitor.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A real docker daemon of its own: network, mounts and control groups are its own, all it writes is in the test's
/// folder. Its containers are processes that this machine sees.
///
/// It is installed, or was unpacked by `.ci/run`: beside an installed `podman-docker` it cannot be installed.
public final class PrivateDocker extends PrivateEngine {
    private static final Path UNPACKED = Path.of("/var/cache/mainstay-test/docker");

    private final Path root;
    private final PrivateControlGroup group;
    private final Process outer;

    private PrivateDocker(Path directory, Path root, PrivateControlGroup group, Process outer) {
        super(directory);
        this.root = root;
        this.group = group;
        this.outer = outer;
    }

    /// A docker that knows the test's image.
    public static PrivateDocker start(Path directory) throws IOException {
        var root = Files.exists(Path.of("/usr/sbin/dockerd")) ? Path.of("/") : UNPACKED;
        var boot = directory.resolve("boot.sh");
        try (var script = PrivateDocker.class.getResourceAsStream("/docker/boot.sh")) {
            Files.write(boot, script.readAllBytes());
        }
        var group = PrivateControlGroup.of(directory);
        var outer = group.start(List.of("--mount", "--net", "--ipc", "--uts"), boot, directory, root);
        var docker = new PrivateDocker(directory, root, group, outer);
        try {
            Eventually.until("a docker daemon that answers", docker::answers, docker::console);
            docker.importImage();
        } catch (AssertionError | IOException e) {
            docker.close();
            throw e;
        }
        return docker;
    }

    private boolean answers() {
        if (!Files.exists(directory.resolve("docker.sock"))) {
            return false;
        }
        try {
            say("version");
            return true;
        } catch (AssertionError notYet) {
            return false;
        }
    }

    private String console() {
        try {
            return Files.readString(directory.resolve("console.log"));
        } catch (IOException e) {
            return "no console: " + e.getMessage();
        }
    }

    /// Kills the daemon as a crash would; its containers live on.
    void kill() {
        daemon().ifPresent(ProcessHandle::destroyForcibly);
        Eventually.until("the daemon is dead", () -> !outer.isAlive(), this::console);
    }

    /// timeout runs unshare, which becomes the shell, which becomes the daemon.
    private Optional<ProcessHandle> daemon() {
        return outer.toHandle()
                .descendants()
                .filter(handle -> handle.info().command().orElse("").endsWith("/dockerd"))
                .findFirst();
    }

    @Override
    public String program() {
        return root.resolve("usr/bin/docker").toString();
    }

    @Override
    public Map<String, String> environment() {
        return Map.of("DOCKER_HOST", "unix://" + directory.resolve("docker.sock"));
    }

    /// Ends it with all its containers and their shims, which are nobody's children.
    @Override
    public void close() {
        daemon().ifPresent(ProcessHandle::destroyForcibly);
        outer.destroyForcibly();
        group.close();
    }
}
