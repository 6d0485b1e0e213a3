package dev.mainstay.service.log;

import dev.mainstay.service.log.Seal.Purpose;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Whose data a directory holds, and which start of the cluster service wrote there last; sealed by the key.
///
/// It is kept twice, in the data directory and beside the log, so that one of them that was restored, replaced or
/// removed is noticed by the other.
///
/// It also says when its own file was made: a copy of the file was made later, whatever times a copy keeps.
///
/// @param storage a number of this storage alone, chosen at its first start
/// @param incarnation the number of the latest start
/// @param made when its file was made, [#UNKNOWN] on a file system that does not tell
public record Identity(String cluster, String node, UUID storage, long incarnation, Instant made) {
    /// No file is as old.
    static final Instant UNKNOWN = Instant.EPOCH;

    /// The name of both files.
    public static final String FILE = "identity";

    private static final String FORMAT = "mainstay identity 1";
    private static final int BYTES_MAX = 4096;

    Identity next() {
        return new Identity(cluster, node, storage, incarnation + 1, UNKNOWN);
    }

    /// Whether a file that holds this was copied, not written by a cluster service.
    boolean isCopiedTo(Path file) throws IOException {
        return !made.equals(UNKNOWN) && !made.equals(birth(file));
    }

    private static Instant birth(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class)
                .creationTime()
                .toInstant();
    }

    /// Puts this in place of what a file holds, on the disk when it returns.
    ///
    /// @return the file's bytes
    byte[] writeTo(Path file, Seal seal) throws IOException {
        var fresh = fresh(file);
        Files.deleteIfExists(fresh);
        Files.createFile(fresh);
        // Where the system does not know when a file was made, it shows when it was changed.
        Files.setLastModifiedTime(fresh, FileTime.from(UNKNOWN));
        var bytes = new Identity(cluster, node, storage, incarnation, birth(fresh)).encode(seal);
        write(file, bytes);
        return bytes;
    }

    byte[] encode(Seal seal) {
        var text = "%s\ncluster: %s\nnode: %s\nstorage: %s\nstart: %d\nmade: %s\n"
                .formatted(FORMAT, cluster, node, storage, incarnation, made);
        var sealed = seal.seal(Purpose.IDENTITY, text.getBytes(StandardCharsets.UTF_8));
        var mark = HexFormat.of().formatHex(sealed, 0, Seal.SEAL_BYTES);
        return (text + "seal: " + mark + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /// Nothing when the bytes are no identity, or were not sealed by this key.
    static Optional<Identity> decode(byte[] bytes, Seal seal) {
        var text = new String(bytes, StandardCharsets.UTF_8);
        int at = text.indexOf("seal: ");
        if (at < 0) {
            return Optional.empty();
        }
        try {
            var mark = HexFormat.of()
                    .parseHex(text.substring(at + "seal: ".length()).strip());
            var content = text.substring(0, at).getBytes(StandardCharsets.UTF_8);
            var sealed = ByteBuffer.allocate(mark.length + content.length)
                    .put(mark)
                    .put(content)
                    .array();
            return seal.open(Purpose.IDENTITY, sealed)
                    .map(opened ->
                            new String(opened, StandardCharsets.UTF_8).lines().toList())
                    .filter(lines -> lines.size() >= 6 && lines.getFirst().equals(FORMAT))
                    .map(Identity::of);
        } catch (IllegalArgumentException | DateTimeParseException notOurs) {
            return Optional.empty();
        }
    }

    private static Identity of(List<String> lines) {
        var values = lines.stream()
                .skip(1)
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .toList();
        return new Identity(
                values.get(0),
                values.get(1),
                UUID.fromString(values.get(2)),
                Long.parseLong(values.get(3)),
                Instant.parse(values.get(4)));
    }

    /// The bytes of a file that may be missing or no file at all.
    static Optional<byte[]> bytes(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > BYTES_MAX) {
            return Optional.empty();
        }
        return Optional.of(Files.readAllBytes(file));
    }

    private static Path fresh(Path file) {
        return file.resolveSibling(file.getFileName() + ".new");
    }

    static void write(Path file, byte[] bytes) throws IOException {
        var fresh = fresh(file);
        try (var channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            channel.write(ByteBuffer.wrap(bytes));
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
