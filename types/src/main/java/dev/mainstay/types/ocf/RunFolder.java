package dev.mainstay.types.ocf;

import dev.mainstay.linux.SharedFolder;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The folder where agents note what must not survive a start of the node; they know it as `HA_RSCTMP`.
///
/// Resources of one node share it, because some agents lock each other out there; nodes do not, even if they are
/// tried out on one machine, because one would take what the other runs for its own.
final class RunFolder {
    private static final Path OF_AGENTS = Path.of("/run/resource-agents");
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private RunFolder() {}

    static Path of(ResourceContext context) throws ResourceFailure {
        var set = context.properties().text("runFolder");
        try {
            if (!set.isEmpty()) {
                return SharedFolder.make(Path.of(set));
            }
            return ofNode(context);
        } catch (IOException e) {
            throw new ResourceFailure(
                    "opening '%s': the folder for the notes of its agent cannot be made: %s. Set runFolder to one that can"
                            .formatted(context.resource(), e),
                    e);
        }
    }

    private static Path ofNode(ResourceContext context) throws IOException, ResourceFailure {
        var own = context.directory().toAbsolutePath().normalize();
        var node = "%s %s".formatted(own.getParent(), bootId());
        try {
            return SharedFolder.make(OF_AGENTS.resolve("mainstay-%08x".formatted(node.hashCode())));
        } catch (FileSystemException ordinaryUser) {
            return Files.createDirectories(own.resolve("run").resolve(bootId()));
        }
    }

    /// The boot of this machine; what ran in another one runs no more.
    static String bootId() throws ResourceFailure {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            throw new ResourceFailure("reading '%s': %s".formatted(BOOT_ID, e.getMessage()), e);
        }
    }
}
