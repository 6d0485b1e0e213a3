package dev.mainstay.service.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How far this node has followed its log, in a small file outside of it: a log that ends before has lost entries
/// that were acknowledged, whatever its own files say.
///
/// It is written after each entry and not flushed: after a loss of power it may be behind, never ahead.
///
/// **Threads:** [#note] from one at a time.
public final class AppliedMark implements AutoCloseable {
    /// The name of the file.
    public static final String FILE = "applied";

    private static final Logger LOG = LoggerFactory.getLogger(AppliedMark.class);
    private static final int BYTES = Long.BYTES + Integer.BYTES;

    private final Path file;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BYTES);
    private long noted;
    private boolean complained;

    private AppliedMark(Path file, FileChannel channel, long noted) {
        this.file = file;
        this.channel = channel;
        this.noted = noted;
    }

    /// The index noted last; -1 when there is none, or the file does not hold one.
    static long read(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) != BYTES) {
            return -1;
        }
        var bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        long index = bytes.getLong();
        return bytes.getInt() == checksum(bytes.array()) ? index : -1;
    }

    /// Goes on from an index.
    public static AppliedMark open(Path file, long index) throws IOException {
        var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        return new AppliedMark(file, channel, index);
    }

    void note(long index) {
        if (index <= noted) {
            return;
        }
        noted = index;
        buffer.clear().putLong(index);
        buffer.putInt(checksum(buffer.array())).flip();
        try {
            channel.write(buffer, 0);
        } catch (IOException e) {
            if (!complained) {
                complained = true;
                LOG.warn("note in '{}' how far the log was followed: {}", file, e.toString());
            }
        }
    }

    private static int checksum(byte[] bytes) {
        var sum = new CRC32C();
        sum.update(bytes, 0, Long.BYTES);
        return (int) sum.getValue();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
