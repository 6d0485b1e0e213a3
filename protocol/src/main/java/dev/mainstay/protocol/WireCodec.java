package dev.mainstay.protocol;

import java.lang.reflect.Type;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/// Turns records, sealed alternatives and collections of them into bytes and back.
///
/// A record is its number of components followed by the components, so that a reader of a newer version can read
/// an older record: components added at the end get their empty value (0, false, "", no elements, the first
/// constant, a record of empty values). A sealed
/// alternative is the name of its case followed by the record. Supported: records, sealed interfaces of records,
/// enums, `boolean`, `int`, `long`, `String`, `byte[]`, `Instant`, `Duration`, `List`, `SortedSet`, `Map`,
/// `SortedMap`.
///
/// **Threads:** any.
/// **Errors:** bytes that are not such a value throw [MalformedException]; it says where and why.
/// **Source:** ADR 0003.
public final class WireCodec {
    private WireCodec() {}

    /// Bytes that cannot be read.
    public static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1;

        /// Says what was found and what was expected.
        public MalformedException(String message) {
            super(message);
        }
    }

    /// The bytes of `value`, seen as a `type` (the sealed interface, where there is one).
    public static byte[] encode(Type type, Object value) {
        var out = new WireOutput(256);
        encode(type, value, out);
        return out.bytes();
    }

    /// Appends the bytes of `value`.
    static void encode(Type type, Object value, WireOutput out) {
        WireForm.of(type).write(out, value);
    }

    /// The value that `bytes` hold, seen as a `type`.
    public static <T> T decode(Class<T> type, byte[] bytes) throws MalformedException {
        return decode(type, ByteBuffer.wrap(bytes));
    }

    /// The value that `in`, which has an array, holds to its limit.
    static <T> T decode(Class<T> type, ByteBuffer in) throws MalformedException {
        int length = in.remaining();
        try {
            var value = WireForm.of(type).read(in, 0);
            if (in.hasRemaining()) {
                throw new MalformedException(
                        "%d bytes are left over after a %s".formatted(in.remaining(), type.getSimpleName()));
            }
            return type.cast(value);
        } catch (BufferUnderflowException e) {
            throw new MalformedException("a %s of %d bytes ends too early".formatted(type.getSimpleName(), length));
        } catch (RuntimeException e) {
            // A record's constructor, an Instant or a Duration says in its own way what cannot be.
            throw new MalformedException(
                    "a %s has an impossible content: %s".formatted(type.getSimpleName(), e.getMessage()));
        }
    }
}
