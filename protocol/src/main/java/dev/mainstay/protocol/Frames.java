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
    public static final int LIMIT_BYTES = Limits.FRAME;

    private static final int MAGIC = 0x4d535431;
    private static final int HEADER_BYTES = 8;
    private static final int FIRST_BYTES = 256;

    private Frames() {}

    /// The bytes of one frame, ready to be written.
    public static ByteBuffer frame(Class<? extends Message> direction, Message message) {
        var out = new WireOutput(FIRST_BYTES);
        append(out, direction, message);
        return ByteBuffer.wrap(out.bytes());
    }

    private static void append(WireOutput out, Class<? extends Message> direction, Message message) {
        int begin = out.size();
        out.room(HEADER_BYTES).putInt(MAGIC).putInt(0);
        WireCodec.encode(direction, message, out);
        int length = out.size() - begin - HEADER_BYTES;
        if (length > LIMIT_BYTES) {
            out.cut(begin);
            throw new IllegalArgumentException(
                    "a %s of %d bytes is over the limit of %d".formatted(message.getClass(), length, LIMIT_BYTES));
        }
        out.patch(begin + Integer.BYTES, length);
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
        int length = contentBytes(fill(channel, ByteBuffer.allocate(HEADER_BYTES)), limitBytes);
        return WireCodec.decode(direction, fill(channel, ByteBuffer.allocate(length)));
    }

    private static int contentBytes(ByteBuffer header, int limitBytes) throws MalformedException {
        int magic = header.getInt();
        if (magic != MAGIC) {
            throw new MalformedException("a frame begins with %08x instead of %08x".formatted(magic, MAGIC));
        }
        int length = header.getInt();
        if (length < 0 || length > limitBytes) {
            throw new MalformedException("a frame claims %d bytes, the limit is %d".formatted(length, limitBytes));
        }
        return length;
    }

    /// Writes messages to one channel, with one call of the system for as many as there are.
    ///
    /// **Threads:** one.
    public static final class Writer {
        private static final int BUFFER_BYTES = 64 << 10;

        private final WritableByteChannel channel;
        private final Class<? extends Message> direction;
        private final WireOutput waiting = new WireOutput(BUFFER_BYTES);

        /// Writes to `channel`, and nobody else does.
        public Writer(WritableByteChannel channel, Class<? extends Message> direction) {
            this.channel = channel;
            this.direction = direction;
        }

        /// Takes a message; it is written by the next [#flush] at the latest.
        public void add(Message message) throws IOException {
            append(waiting, direction, message);
            if (waiting.size() >= BUFFER_BYTES) {
                flush();
            }
        }

        /// Writes what was added.
        public void flush() throws IOException {
            var bytes = waiting.readable();
            int end = bytes.limit();
            while (bytes.position() < end) {
                // The JDK copies what is written at once, and keeps room for as much.
                bytes.limit(Math.min(end, bytes.position() + BUFFER_BYTES));
                channel.write(bytes);
            }
            waiting.clear(BUFFER_BYTES);
        }
    }

    /// Reads the messages of one channel, with one call of the system for as many as have come.
    ///
    /// **Threads:** one.
    public static final class Reader {
        /// A burst of some hundred messages.
        private static final int BUFFER_BYTES = 64 << 10;

        private final ReadableByteChannel channel;
        private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).flip();

        /// Reads from `channel`, and nobody else does.
        public Reader(ReadableByteChannel channel) {
            this.channel = channel;
        }

        /// The next message.
        public <M extends Message> M read(Class<M> direction) throws IOException, MalformedException {
            need(HEADER_BYTES);
            int length = contentBytes(buffer, LIMIT_BYTES);
            if (length > BUFFER_BYTES) {
                return WireCodec.decode(
                        direction, fill(channel, ByteBuffer.allocate(length).put(buffer)));
            }
            need(length);
            var content = buffer.slice(buffer.position(), length);
            buffer.position(buffer.position() + length);
            return WireCodec.decode(direction, content);
        }

        /// Reads until so many bytes wait.
        private void need(int count) throws IOException {
            if (buffer.remaining() < count) {
                buffer.compact();
                try {
                    while (buffer.position() < count) {
                        if (channel.read(buffer) < 0) {
                            throw ended(count - buffer.position());
                        }
                    }
                } finally {
                    buffer.flip();
                }
            }
        }
    }

    private static ByteBuffer fill(ReadableByteChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw ended(buffer.remaining());
            }
        }
        return buffer.flip();
    }

    private static EOFException ended(int missing) {
        return new EOFException("the stream ended %d bytes before the end of a frame".formatted(missing));
    }
}
