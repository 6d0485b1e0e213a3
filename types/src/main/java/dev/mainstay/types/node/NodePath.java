package dev.mainstay.types.node;

import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/// Paths of this node as operators write them.
public final class NodePath {
    private NodePath() {}

    /// The path that a property names; empty when it is not set.
    ///
    /// **Errors:** [ResourceFailure] for one that depends on where the monitor happens to run.
    public static Optional<Path> full(ResourceContext context, String property) throws ResourceFailure {
        var text = context.properties().text(property);
        try {
            if (text.isEmpty() || Path.of(text).isAbsolute()) {
                return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
            }
        } catch (InvalidPathException e) {
            throw new ResourceFailure(
                    "opening '%s': %s is no path (%s). Correct it"
                            .formatted(context.resource(), property, e.getReason()),
                    e);
        }
        throw new ResourceFailure("opening '%s': %s '%s' is not a full path. Begin it with a slash"
                .formatted(context.resource(), property, text));
    }

    /// The one path of a file that all its paths lead to, whether it is there or not.
    public static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException notThere) {
            var plain = path.toAbsolutePath().normalize();
            var folder = plain.getParent();
            var name = plain.getFileName();
            return folder == null || name == null ? plain : real(folder).resolve(name);
        }
    }
}
