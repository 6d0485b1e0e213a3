package dev.mainstay.cli;

import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ErrorCode;
import dev.mainstay.cli.run.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds the socket of the cluster service that a command means.
///
/// The order: `--socket`, `MAINSTAY_SOCKET`, the machine's own service, the newest `mainstay run` of this user.
final class Sockets {
    private static final Path MACHINE = Path.of("/run/mainstay/api.sock");

    private final Map<String, String> environment;

    /// Finds by these environment variables.
    Sockets(Map<String, String> environment) {
        this.environment = environment;
    }

    Path find(Optional<String> option, Optional<String> node) {
        if (option.isPresent()) {
            return path("--socket", option.get());
        }
        var variable = environment.getOrDefault("MAINSTAY_SOCKET", "");
        if (!variable.isEmpty()) {
            return path("MAINSTAY_SOCKET", variable);
        }
        if (node.isEmpty() && Files.exists(MACHINE)) {
            return MACHINE;
        }
        var newest = newestRun();
        if (newest.isEmpty()) {
            return MACHINE;
        }
        return inRun(newest.get(), node);
    }

    /// The newest run that has a socket; without any, the newest.
    private Optional<Path> newestRun() {
        try {
            var runs = Place.remembered(environment);
            return runs.stream()
                    .filter(run -> !sockets(run).isEmpty())
                    .findFirst()
                    .or(() -> runs.stream().findFirst());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Path inRun(Path run, Optional<String> node) {
        var folder = run.resolve(node.orElse("n1"));
        if (node.isPresent() && !Files.isDirectory(folder)) {
            throw new ClusterException(
                    ErrorCode.NO_SUCH_NODE,
                    "--node '" + node.get() + "': the run in '" + run + "' has no such node.",
                    "Use one of: " + String.join(", ", nodes(run)) + ".");
        }
        if (node.isPresent() || Files.exists(Place.socket(folder))) {
            return Place.socket(folder);
        }
        return sockets(run).stream().findFirst().orElse(Place.socket(folder));
    }

    private static List<Path> sockets(Path run) {
        return nodes(run).stream()
                .map(node -> Place.socket(run.resolve(node)))
                .filter(Files::exists)
                .toList();
    }

    private static List<String> nodes(Path run) {
        try (var folders = Files.list(run)) {
            return folders.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException gone) {
            // The run's folder was deleted: the message of the client says that nothing is there.
            return List.of();
        }
    }

    private static Path path(String origin, String text) {
        var bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
        if (text.isEmpty() || bytes > 107) {
            throw new ClusterException(
                    ErrorCode.BAD_INPUT,
                    origin + " '" + text + "': a socket's path has 1 to 107 bytes, this one has " + bytes + ".",
                    "Use a shorter path.");
        }
        return Path.of(text);
    }
}
