package dev.mainstay.protocol;

import dev.mainstay.protocol.WireCodec.MalformedException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/// Frames on a stream: a magic number, a length, then one encoded message.
///
/// **Threads:** one reader and one writer at a time; both block.
/// **Errors:** a frame with another magic, over the limit or with unreadable content throws
/// [MalformedException]; the connection cannot be used any more. A stream that ends throws `EOFException`.
/// **Source:** ADR 0003.
public final class Frames {
    /// Largest content of a frame, in bytes; an inventory of ten thousand resources needs about 2 MiB.
    public static final int LIMIT_BYTES = 8 << 20;

    private static final int MAGIC = 0x4d535431;
    private static final int HEADER_BYTES = 8;

    private Frames() {}

    /// The bytes of one frame, ready to be written.
    public static ByteBuffer frame(Class<? extends Message> direction, Message message) {
        var content = WireCodec.encode(direction, message);
        if (content.length > LIMIT_BYTES) {
            throw new IllegalArgumentException("a %s of %d bytes is over the limit of %d"
                    .formatted(message.getClass(), content.length, LIMIT_BYTES));
        }
        return ByteBuffer.allocate(HEADER_BYTES + content.length)
                .putInt(MAGIC)
                .putInt(content.length)
                .put(content)
                .flip();
    }

    /// Writes one message.
    public static void write(WritableByteChannel channel, Class<? extends Message> direction, Message message)
            throws IOException {
        var frame = frame(direction, message);
        while (frame.hasRemaining()) {
            channel.write(frame);
        }
    }

    /// Reads one message.
    public static <M extends Message> M read(ReadableByteChannel channel, Class<M> direction)
            throws IOException, MalformedException {
        return read(channel, direction, LIMIT_BYTES);
    }

    /// Reads one message of at most `limitBytes` from a peer that is not trusted with more yet.
    public static <M extends Message> M read(ReadableByteChannel channel, Class<M> direction, int limitBytes)
            throws IOException, MalformedException {
        var header = fill(channel, ByteBuffer.allocate(HEADER_BYTES));
        int magic = header.getInt();
        if (magic != MAGIC) {
            throw new MalformedException("a frame begins with %08x instead of %08x".formatted(magic, MAGIC));
        }
        int length = header.getInt();
        if (length < 0 || length > limitBytes) {
            throw new MalformedException("a frame claims %d bytes, the limit is %d".formatted(length, limitBytes));
        }
        return WireCodec.decode(
                direction, fill(channel, ByteBuffer.allocate(length)).array());
    }

    /// Writes messages to one channel, with one call of the system for as many as there are.
    ///
    /// **Threads:** one.
    public static final class Writer {
        private static final int BUFFER_BYTES = 64 << 10;

        private final WritableByteChannel channel;
        private final Class<? extends Message> direction;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

        /// Writes to `channel`, and nobody else does.
        public Writer(WritableByteChannel channel, Class<? extends Message> direction) {
            this.channel = channel;
            this.direction = direction;
        }

        /// Takes a message; it is written by the next [#flush] at the latest.
        public void add(Message message) throws IOException {
            var frame = frame(direction, message);
            while (frame.hasRemaining()) {
                if (!buffer.hasRemaining()) {
                    flush();
                }
                int count = Math.min(frame.remaining(), buffer.remaining());
                buffer.put(frame.slice(frame.position(), count));
                frame.position(frame.position() + count);
            }
        }

        /// Writes what was added.
        public void flush() throws IOException {
            buffer.flip();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            buffer.clear();
        }
    }

    /// Reads the messages of one channel, with one call of the system for as many as have come.
    ///
    /// **Threads:** one.
    public static final class Reader {
        /// A burst of some hundred messages.
        private static final int BUFFER_BYTES = 64 << 10;

        private final ReadableByteChannel channel;
        private final ByteBuffer buffer =
                ByteBuffer.allocateDirect(BUFFER_BYTES).flip();
        private final ReadableByteChannel buffered = new Buffered();

        /// Reads from `channel`, and nobody else does.
        public Reader(ReadableByteChannel channel) {
            this.channel = channel;
        }

        /// The next message.
        public <M extends Message> M read(Class<M> direction) throws IOException, MalformedException {
            return Frames.read(buffered, direction);
        }

        private final class Buffered implements ReadableByteChannel {
            @Override
            public int read(ByteBuffer target) throws IOException {
                if (!buffer.hasRemaining()) {
                    buffer.clear();
                    int count = channel.read(buffer);
                    buffer.flip();
                    if (count < 0) {
                        return count;
                    }
                }
                int count = Math.min(target.remaining(), buffer.remaining());
                target.put(buffer.slice(buffer.position(), count));
                buffer.position(buffer.position() + count);
                return count;
            }

            @Override
            public boolean isOpen() {
                return channel.isOpen();
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        }
    }

    private static ByteBuffer fill(ReadableByteChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException(
                        "the stream ended %d bytes before the end of a frame".formatted(buffer.remaining()));
            }
        }
        return buffer.flip();
    }
}
