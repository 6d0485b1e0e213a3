package dev.mainstay.types.node;

import dev.mainstay.linux.ProcessTable;
import dev.mainstay.spi.AdoptionRecord;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/// What a resource itself put on this node, written down before it is put there.
///
/// Only what is written here is ever taken away again: whatever else is found on the node belongs to somebody
/// else, even if it looks the same. It survives the monitor, and is void after a restart of the node.
public final class Claim {
    private final String resource;
    private final Path file;

    private Claim(String resource, Path file) {
        this.resource = resource;
        this.file = file;
    }

    /// The claim of that resource.
    public static Claim of(ResourceContext context) {
        return new Claim(context.resource(), context.directory().resolve("claim"));
    }

    /// What was put there since this node started, if anything.
    public Optional<String> read() throws ResourceFailure {
        try {
            return parsed(Files.readString(file));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException e) {
            throw trouble("reading", e);
        }
    }

    /// Writes down what will be put there; on disk when this returns.
    public void write(String what) throws ResourceFailure {
        var fresh = file.resolveSibling("claim.new");
        try (var channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            var bytes = ByteBuffer.wrap(text(what).getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw trouble("writing", e);
        }
    }

    /// Forgets it: it is no more there.
    public void clear() throws ResourceFailure {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw trouble("deleting", e);
        }
    }

    /// The record by which a later monitor knows what to adopt.
    public static AdoptionRecord adoption(String what) {
        return new AdoptionRecord(List.of(), "", text(what));
    }

    /// What a recovered record says; empty when it is of an earlier start of this node.
    public static Optional<String> adopted(ResourceContext context) {
        return context.recovered().map(AdoptionRecord::own).flatMap(Claim::parsed);
    }

    private static String text(String what) {
        return ProcessTable.bootId() + " " + what;
    }

    private static Optional<String> parsed(String text) {
        var own = ProcessTable.bootId() + " ";
        return text.startsWith(own) ? Optional.of(text.substring(own.length())) : Optional.empty();
    }

    private ResourceFailure trouble(String verb, IOException e) {
        return new ResourceFailure(
                "%s what '%s' put on this node, in '%s': %s. Check the disk and its rights"
                        .formatted(verb, resource, file, e),
                e);
    }
}
