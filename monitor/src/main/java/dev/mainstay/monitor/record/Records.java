package dev.mainstay.monitor.record;

import dev.mainstay.protocol.WireCodec;
import dev.mainstay.protocol.WireCodec.MalformedException;
import java.io.FileInputStream;
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

/// The folder with one record per resource, shared by all monitors of a node.
///
/// Whoever wants to host a resource claims it first; only then its record may be read for good, written or
/// removed.
///
/// A record protects against the death of this process, not of the machine: after a restart of the machine
/// nothing
/// of a resource runs, so writing does not wait for the disk.
///
/// **Threads:** any; one resource is written by one thread at a time.
public final class Records implements AutoCloseable {
    private static final String SUFFIX = ".record";
    private static final String UNFINISHED = ".tmp";
    private static final String CLAIMS = "claims";

    private final Path folder;
    private final String unfinished;
    private final Claims claims;
    private final Reservations reservations;

    /// Uses `folder`, which is made if need be.
    ///
    /// @param monitor the name of this monitor on its node; only one process at a time uses it
    public Records(Path folder, String monitor) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.unfinished = "." + URLEncoder.encode(monitor, StandardCharsets.UTF_8) + UNFINISHED;
        // Settings stand in records, and settings may hold secrets.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        removeUnfinished();
        this.claims = new Claims(folder.resolve(CLAIMS));
        this.reservations = new Reservations(folder, unfinished, claims, this::mayRun);
    }

    /// What a process of this name was just writing when it died; later there are files that this one is writing.
    private void removeUnfinished() throws IOException {
        try (var files =
                Files.newDirectoryStream(folder, file -> file.toString().endsWith(unfinished))) {
            for (var file : files) {
                Files.deleteIfExists(file);
            }
        }
    }

    /// Makes this monitor the only one that may host a resource, until [#release] or the end of this process.
    ///
    /// @return false when another monitor hosts it
    public boolean claim(String resource) throws IOException {
        return claims.take(resource);
    }

    /// Lets other monitors host a resource again.
    public void release(String resource) throws IOException {
        claims.release(resource);
    }

    /// Reserves a thing of this node for a resource that this monitor hosts; it may be reserved for it already.
    ///
    /// **Time:** milliseconds; some seconds when another monitor hangs at the same moment.
    ///
    /// @return empty, or the resource that has it
    public Optional<String> reserve(String what, String resource) throws IOException {
        return reservations.reserve(what, resource);
    }

    /// Gives back what is reserved for a resource.
    public void giveBack(String what, String resource) throws IOException {
        reservations.giveBack(what, resource);
    }

    private boolean mayRun(String resource) {
        return Files.exists(file(resource));
    }

    @Override
    public void close() throws IOException {
        claims.close();
    }

    /// A record that was found.
    ///
    /// @param resource the resource it speaks of
    /// @param record its content; empty when it cannot be read
    /// @param trouble why it cannot be read, or empty
    public record Found(String resource, Optional<LocalRecord> record, String trouble) {}

    /// The record of one resource, if there is one.
    public Optional<Found> find(String resource) {
        var file = file(resource);
        return Files.exists(file) ? Optional.of(read(file, String.valueOf(file.getFileName()))) : Optional.empty();
    }

    /// All records on this node.
    public List<Found> load() throws IOException {
        var found = new ArrayList<Found>();
        try (var files = Files.newDirectoryStream(folder)) {
            for (var file : files) {
                var name = String.valueOf(file.getFileName());
                if (name.endsWith(SUFFIX)) {
                    found.add(read(file, name));
                }
            }
        }
        return found;
    }

    private static Found read(Path file, String name) {
        var resource = URLDecoder.decode(name.substring(0, name.length() - SUFFIX.length()), StandardCharsets.UTF_8);
        try (var in = new FileInputStream(file.toFile())) {
            var record = WireCodec.decode(LocalRecord.class, in.readAllBytes());
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
        var part = file.resolveSibling(file.getFileName() + unfinished);
        Files.write(part, WireCodec.encode(LocalRecord.class, record));
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /// Removes the record of a resource, if there is one.
    public void drop(String resource) throws IOException {
        Files.deleteIfExists(file(resource));
    }

    private Path file(String resource) {
        return folder.resolve(URLEncoder.encode(resource, StandardCharsets.UTF_8) + SUFFIX);
    }
}
