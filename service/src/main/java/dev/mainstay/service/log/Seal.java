package dev.mainstay.service.log;

import dev.mainstay.api.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Marks bytes as coming from a member of the cluster, by a key that only members have.
///
/// Whoever reaches the port of the log could otherwise write an entry that runs a command of his choice: the
/// right to
/// reach a node is not the right to run code on it.
///
/// **Threads:** any. **Source:** ADR 0011.
public final class Seal {
    /// What sealed bytes are: those of one purpose are worth nothing for another.
    enum Purpose {
        ENTRY,
        QUESTION,
        SNAPSHOT,
        IDENTITY,
        GROUP
    }

    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;
    static final int SEAL_BYTES = 32;

    private final SecretKeySpec key;

    private Seal(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /// The seal of the key in `file`; the only member of a cluster makes its key at its first start.
    ///
    /// **Errors:** `IOException` when the key is missing and may not be made, too short, or readable by others.
    public static Seal of(Path file, boolean alone) throws IOException {
        try {
            var rights = Files.getPosixFilePermissions(file);
            if (!Set.of("rw-------", "r--------").contains(PosixFilePermissions.toString(rights))) {
                throw new DirectoryRefused(
                        ErrorCode.KEY_DOES_NOT_FIT,
                        "read the cluster's key '%s': its mode is %s. Make it rw------- (chmod 600)."
                                .formatted(file, PosixFilePermissions.toString(rights)));
            }
            var key = Files.readAllBytes(file);
            if (key.length < KEY_BYTES) {
                throw new DirectoryRefused(
                        ErrorCode.KEY_DOES_NOT_FIT,
                        "read the cluster's key '%s': it has %d bytes, at least %d are needed. Copy it from"
                                        .formatted(file, key.length, KEY_BYTES)
                                + " another node.");
            }
            return new Seal(key);
        } catch (NoSuchFileException missing) {
            if (!alone) {
                throw new DirectoryRefused(
                        ErrorCode.KEY_MISSING,
                        "read the cluster's key '%s': there is no such file. All members need the same: copy"
                                        .formatted(file)
                                + " it from another node, or make it on the first (head -c 32 /dev/urandom), mode rw-------.");
            }
            return new Seal(made(file));
        }
    }

    /// Tells this key from others, and nothing of it.
    String fingerprint() {
        return HexFormat.of().formatHex(seal(Purpose.GROUP, new byte[0]), 0, SEAL_BYTES);
    }

    private static byte[] made(Path file) throws IOException {
        var key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        var mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var channel = FileChannel.open(fresh, options, mine)) {
            channel.write(ByteBuffer.wrap(key));
            channel.force(true);
        }
        Files.move(fresh, file);
        return key;
    }

    /// The bytes with their seal before them.
    byte[] seal(Purpose purpose, byte[] content) {
        return ByteBuffer.allocate(SEAL_BYTES + content.length)
                .put(mark(purpose, content))
                .put(content)
                .array();
    }

    /// The bytes behind the seal; nothing when it was not made with this key for this purpose.
    Optional<byte[]> open(Purpose purpose, byte[] sealed) {
        if (sealed.length < SEAL_BYTES) {
            return Optional.empty();
        }
        var content = Arrays.copyOfRange(sealed, SEAL_BYTES, sealed.length);
        var matches = MessageDigest.isEqual(Arrays.copyOf(sealed, SEAL_BYTES), mark(purpose, content));
        return matches ? Optional.of(content) : Optional.empty();
    }

    private byte[] mark(Purpose purpose, byte[] content) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(purpose.name().getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            mac.update((byte) 0);
            return mac.doFinal(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
