package dev.mainstay.monitor.process;

import dev.mainstay.spi.ResourceFailure;
import java.nio.file.Files;
import java.nio.file.Path;

/// Finds the file that a command's first word means.
final class Program {
    private Program() {}

    /// A word with a slash is a path, taken from the working directory; any other is looked for in `searchPath`.
    static Path find(String word, Path directory, String searchPath, String resource) throws ResourceFailure {
        if (word.contains("/")) {
            return checked(directory.resolve(word).toAbsolutePath(), resource);
        }
        for (var folder : searchPath.split(":")) {
            var candidate = Path.of(folder).resolve(word);
            if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        throw new ResourceFailure(
                "starting '%s': the program '%s' is in none of the folders %s. Install it, or give its full path"
                        .formatted(resource, word, searchPath));
    }

    private static Path checked(Path file, String resource) throws ResourceFailure {
        if (!Files.exists(file)) {
            throw new ResourceFailure(
                    "starting '%s': the program '%s' does not exist on this node. Install it, or correct the path"
                            .formatted(resource, file));
        }
        if (!Files.isRegularFile(file) || !Files.isExecutable(file)) {
            throw new ResourceFailure("starting '%s': '%s' is not an executable file. Make it one: chmod +x '%s'"
                    .formatted(resource, file, file));
        }
        return file;
    }
}
