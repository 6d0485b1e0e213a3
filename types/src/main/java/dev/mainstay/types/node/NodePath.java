package dev.mainstay.types.node;

import dev.mainstay.spi.LastingFailure;
import dev.mainstay.spi.Properties;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/// Paths of this node as operators write them.
public final class NodePath {
    /// **Source:** limits.h: PATH_MAX with the zero that ends it, NAME_MAX.
    private static final int BYTES_MAX = 4095;

    private static final int NAME_BYTES_MAX = 255;
    private static final int SHOWN = 60;
    /// A chain of links that is longer is a ring.
    private static final int LINKS_MAX = 40;

    private NodePath() {}

    /// The path that a property names; empty when it is not set.
    ///
    /// **Errors:** [LastingFailure] for one that depends on where the monitor happens to run, or that no file
    /// system takes.
    public static Optional<Path> full(String resource, Properties properties, String property) throws LastingFailure {
        var text = properties.text(property);
        return text.isEmpty() ? Optional.empty() : Optional.of(full(resource, property, text));
    }

    /// The path that a value of a property is.
    public static Path full(String resource, String property, String text) throws LastingFailure {
        Path path;
        try {
            path = Path.of(text);
        } catch (InvalidPathException e) {
            throw new LastingFailure(
                    "opening '%s': %s is no path (%s). Correct it".formatted(resource, property, e.getReason()), e);
        }
        if (!path.isAbsolute()) {
            throw new LastingFailure("opening '%s': %s '%s' is not a full path. Begin it with a slash"
                    .formatted(resource, property, text));
        }
        if (bytes(text) > BYTES_MAX) {
            throw new LastingFailure("opening '%s': %s '%s...' is %d bytes long, and the kernel takes %d. Shorten it"
                    .formatted(resource, property, text.substring(0, SHOWN), bytes(text), BYTES_MAX));
        }
        for (var name : path) {
            if (bytes(name.toString()) > NAME_BYTES_MAX) {
                throw new LastingFailure(
                        "opening '%s': the name '%s...' in %s is %d bytes long, and file systems take %d. Shorten it"
                                .formatted(
                                        resource,
                                        name.toString().substring(0, SHOWN),
                                        property,
                                        bytes(name.toString()),
                                        NAME_BYTES_MAX));
            }
        }
        return path;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /// The one path of a file that all its paths lead to, whether it is there or not.
    public static Path real(Path path) {
        return real(path, LINKS_MAX);
    }

    private static Path real(Path path, int links) {
        try {
            return path.toRealPath();
        } catch (IOException notThere) {
            var plain = path.toAbsolutePath().normalize();
            var folder = plain.getParent();
            var name = plain.getFileName();
            if (folder == null || name == null) {
                return plain;
            }
            var there = real(folder, links).resolve(name);
            return links > 0 && Files.isSymbolicLink(there) ? behind(there, links - 1) : there;
        }
    }

    /// Where a link leads whose file is not there.
    private static Path behind(Path link, int links) {
        try {
            return real(link.resolveSibling(Files.readSymbolicLink(link)), links);
        } catch (IOException gone) {
            return link;
        }
    }
}
