package dev.mainstay.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// An open file or socket that the JDK cannot open.
///
/// **Threads:** one at a time, but [#close] from any.
final class Descriptor implements AutoCloseable {
    static final int CLOSE_ON_EXEC = 0x8_0000;
    static final int RAW = 3;
    static final int DATAGRAM = 2;
    /// The kernel had to drop messages because nobody read them in time.
    static final int OVERRUN = 105;

    private static final int AGAIN = 11;
    private static final int NETLINK = 16;
    private static final int NETLINK_ADDRESS_BYTES = 12;
    private static final int RECEIVED_BYTES_MAX = 1 << 16;
    private static final long DO_NOT_WAIT = 0x40;
    private static final long CURRENT_DIRECTORY = -100;

    private final long number;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Descriptor(long number) {
        this.number = number;
    }

    static Descriptor openForReading(String path) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var name = arena.allocateFrom(path, StandardCharsets.UTF_8);
            return new Descriptor(SystemCall.tried(
                    "opening '%s'".formatted(path),
                    SystemCall.OPEN_AT,
                    CURRENT_DIRECTORY,
                    name.address(),
                    CLOSE_ON_EXEC));
        }
    }

    static Descriptor socket(int family, int kind, int protocol) throws IOException {
        return new Descriptor(
                SystemCall.tried("opening a socket", SystemCall.SOCKET, family, (long) kind | CLOSE_ON_EXEC, protocol));
    }

    /// A routing socket that hears the multicast groups of that mask.
    static Descriptor netlink(int groups) throws IOException {
        var opened = socket(NETLINK, RAW, 0);
        var address = ByteBuffer.allocate(NETLINK_ADDRESS_BYTES).order(ByteOrder.nativeOrder());
        address.putShort(0, (short) NETLINK).putInt(8, groups);
        opened.bind(address);
        return opened;
    }

    long number() {
        return number;
    }

    /// Binds it to a socket address; closes it when that is refused.
    void bind(ByteBuffer address) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var raw = copied(arena, address);
            SystemCall.tried("binding a socket", SystemCall.BIND, number, raw.address(), raw.byteSize());
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    void option(int level, int name, ByteBuffer value) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var raw = copied(arena, value);
            SystemCall.tried(
                    "setting a socket's option",
                    SystemCall.SET_SOCKET_OPTION,
                    number,
                    level,
                    name,
                    raw.address(),
                    raw.byteSize());
        }
    }

    void send(ByteBuffer message) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var raw = copied(arena, message);
            SystemCall.tried("sending", SystemCall.SEND_TO, number, raw.address(), raw.byteSize(), 0, 0, 0);
        }
    }

    void send(ByteBuffer message, ByteBuffer to) throws IOException {
        send(message, to, 0);
    }

    /// Sends it unless the one who shall read it has no room.
    void sendNow(ByteBuffer message, ByteBuffer to) throws IOException {
        send(message, to, DO_NOT_WAIT);
    }

    private void send(ByteBuffer message, ByteBuffer to, long flags) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var raw = copied(arena, message);
            var target = copied(arena, to);
            SystemCall.tried(
                    "sending",
                    SystemCall.SEND_TO,
                    number,
                    raw.address(),
                    raw.byteSize(),
                    flags,
                    target.address(),
                    target.byteSize());
        }
    }

    /// Waits for the next message.
    ByteBuffer receive() throws IOException {
        try (var arena = Arena.ofConfined()) {
            var buffer = SystemCall.allocate(arena, RECEIVED_BYTES_MAX);
            var count = -1L;
            do {
                count = SystemCall.call(SystemCall.RECEIVE_FROM, number, buffer.address(), RECEIVED_BYTES_MAX, 0, 0, 0);
            } while (count == -SystemCall.EINTR);
            return received(buffer, count);
        }
    }

    /// The next message, if one is there.
    ///
    /// **Errors:** [OverrunException] when messages were lost.
    Optional<ByteBuffer> receiveNow() throws IOException {
        try (var arena = Arena.ofConfined()) {
            var buffer = SystemCall.allocate(arena, RECEIVED_BYTES_MAX);
            var count = SystemCall.call(
                    SystemCall.RECEIVE_FROM, number, buffer.address(), RECEIVED_BYTES_MAX, DO_NOT_WAIT, 0, 0);
            if (count == -AGAIN || count == -SystemCall.EINTR) {
                return Optional.empty();
            }
            if (count == -OVERRUN) {
                throw new OverrunException();
            }
            return Optional.of(received(buffer, count));
        }
    }

    private static ByteBuffer received(MemorySegment buffer, long count) throws IOException {
        if (count < 0) {
            throw new IOException(
                    "receiving: the kernel answers error %d%s".formatted(-count, SystemCall.words(-count)));
        }
        var bytes = buffer.asSlice(0, count).toArray(JAVA_BYTE);
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    /// Waits until the kernel has something to tell of this or of `other`; answers whether of this.
    ///
    /// @param events what to wait for, as in poll(2)
    /// @param limitMillis how long to wait at most
    boolean await(int events, long other, long limitMillis) {
        try (var arena = Arena.ofConfined()) {
            var both = SystemCall.allocate(arena, 16);
            both.set(JAVA_INT, 0, (int) number);
            both.set(JAVA_SHORT, 4, (short) events);
            both.set(JAVA_INT, 8, (int) other);
            both.set(JAVA_SHORT, 12, (short) 1);
            var limit = SystemCall.allocate(arena, 16);
            limit.set(java.lang.foreign.ValueLayout.JAVA_LONG, 0, limitMillis / 1000);
            limit.set(java.lang.foreign.ValueLayout.JAVA_LONG, 8, limitMillis % 1000 * 1_000_000);
            var ready = SystemCall.call(SystemCall.POLL, both.address(), 2, limit.address(), 0, 0);
            if (ready < 0 && ready != -SystemCall.EINTR) {
                throw new IllegalStateException("waiting for the kernel's events failed with error " + -ready);
            }
            return ready > 0 && both.get(JAVA_SHORT, 6) != 0;
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            SystemCall.call(SystemCall.NUMBERS.close(), number);
        }
    }

    private static MemorySegment copied(Arena arena, ByteBuffer bytes) {
        var raw = SystemCall.allocate(arena, bytes.remaining());
        raw.copyFrom(MemorySegment.ofBuffer(bytes));
        return raw;
    }

    /// Messages were lost: what they told must be read again.
    static final class OverrunException extends IOException {
        private static final long serialVersionUID = 1;
    }
}
