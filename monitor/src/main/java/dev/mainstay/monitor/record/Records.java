package dev.mainstay.monitor.record;

import dev.mainstay.protocol.WireCodec;
import dev.mainstay.protocol.WireCodec.MalformedException;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The folder with one record per resource.
///
/// A record protects against the death of this process, not of the machine: after a restart of the machine
/// nothing
/// of a resource runs, so writing does not wait for the disk.
///
/// **Threads:** any; one resource is written by one thread at a time.
public final class Records {
    private static final String SUFFIX = ".record";
    private static final String UNFINISHED = ".tmp";

    private final Path folder;

    /// Uses `folder`, which is made if need be.
    public Records(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        // Settings stand in records, and settings may hold secrets.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }

    /// A record that was found.
    ///
    /// @param resource the resource it speaks of
    /// @param record its content; empty when it cannot be read
    /// @param trouble why it cannot be read, or empty
    public record Found(String resource, Optional<LocalRecord> record, String trouble) {}

    /// All records that an earlier monitor left.
    public List<Found> load() throws IOException {
        var found = new ArrayList<Found>();
        try (var files = Files.newDirectoryStream(folder)) {
            for (var file : files) {
                var name = String.valueOf(file.getFileName());
                if (name.endsWith(UNFINISHED)) {
                    Files.deleteIfExists(file);
                } else if (name.endsWith(SUFFIX)) {
                    found.add(read(file, name));
                }
            }
        }
        return found;
    }

    private static Found read(Path file, String name) {
        var resource = URLDecoder.decode(name.substring(0, name.length() - SUFFIX.length()), StandardCharsets.UTF_8);
        try {
            var record = WireCodec.decode(LocalRecord.class, Files.readAllBytes(file));
            return record.spec().resource().equals(resource)
                    ? new Found(resource, Optional.of(record), "")
                    : new Found(
                            resource,
                            Optional.empty(),
                            "it speaks of '%s'".formatted(record.spec().resource()));
        } catch (MalformedException | IOException | RuntimeException e) {
            return new Found(resource, Optional.empty(), String.valueOf(e.getMessage()));
        }
    }

    /// Writes the record of a resource: a reader sees the old one or the new one, never a part.
    public void save(LocalRecord record) throws IOException {
        var file = file(record.spec().resource());
        var unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
        Files.write(unfinished, WireCodec.encode(LocalRecord.class, record));
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /// Removes the record of a resource, if there is one.
    public void drop(String resource) throws IOException {
        Files.deleteIfExists(file(resource));
    }

    private Path file(String resource) {
        return folder.resolve(URLEncoder.encode(resource, StandardCharsets.UTF_8) + SUFFIX);
    }
}
