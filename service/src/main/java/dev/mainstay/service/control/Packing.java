package dev.mainstay.service.control;

import dev.mainstay.protocol.WireCodec.MalformedException;
import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// Makes the bytes of a large entry small: what a manifest of thousands of groups decides repeats itself, and
/// must be one entry, because it happens as a whole or not at all.
///
/// An entry that is not large stays as it is. What is packed begins with a byte of ones: no entry has so many
/// components, of which the number comes first.
///
/// **Threads:** any.
/// **Source:** ADR 0028.
final class Packing {
    /// Smaller entries are written as they are; almost all are a thousand times smaller.
    static final int PACKED_FROM = 512 * 1024;

    /// More than any entry unpacks to.
    static final int UNPACKED_MAX = 256 * 1024 * 1024;

    private static final byte PACKED = -1;
    private static final int PIECE = 64 * 1024;

    private Packing() {}

    /// The bytes to write for those of an entry.
    static byte[] pack(byte[] entry) {
        if (entry.length < PACKED_FROM) {
            return entry;
        }
        var deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            deflater.setInput(entry);
            deflater.finish();
            var packed = new ByteArrayOutputStream(entry.length / 4);
            packed.write(PACKED);
            var piece = new byte[PIECE];
            while (!deflater.finished()) {
                packed.write(piece, 0, deflater.deflate(piece));
            }
            return packed.toByteArray();
        } finally {
            deflater.end();
        }
    }

    /// The bytes of an entry as they were before [#pack].
    static byte[] unpack(byte[] written) throws MalformedException {
        if (written.length == 0 || written[0] != PACKED) {
            return written;
        }
        var inflater = new Inflater();
        try {
            inflater.setInput(written, 1, written.length - 1);
            var entry = new ByteArrayOutputStream(written.length * 4);
            var piece = new byte[PIECE];
            while (!inflater.finished()) {
                int length = inflater.inflate(piece);
                entry.write(piece, 0, length);
                if (length == 0 && !inflater.finished()) {
                    throw new MalformedException("a packed entry of %d bytes ends after %d bytes of its content"
                            .formatted(written.length, entry.size()));
                }
                if (entry.size() > UNPACKED_MAX) {
                    throw new MalformedException("a packed entry of %d bytes has more than %d bytes of content"
                            .formatted(written.length, UNPACKED_MAX));
                }
            }
            return entry.toByteArray();
        } catch (DataFormatException e) {
            throw new MalformedException(
                    "a packed entry of %d bytes cannot be unpacked: %s".formatted(written.length, e.getMessage()));
        } finally {
            inflater.end();
        }
    }
}
