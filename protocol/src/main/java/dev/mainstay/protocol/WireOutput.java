package dev.mainstay.protocol;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// Bytes in the making, with as much room as they need.
///
/// **Threads:** one.
final class WireOutput {
    private ByteBuffer buffer;

    WireOutput(int sizeBytes) {
        buffer = ByteBuffer.allocate(sizeBytes);
    }

    /// Room for `count` more bytes.
    ByteBuffer room(int count) {
        if (buffer.remaining() < count) {
            int size = Math.max(Math.addExact(buffer.position(), count), 2 * buffer.capacity());
            buffer = ByteBuffer.allocate(size).put(buffer.flip());
        }
        return buffer;
    }

    /// A length and the bytes themselves.
    void sized(byte[] raw) {
        room(Integer.BYTES + raw.length).putInt(raw.length).put(raw);
    }

    /// How many there are.
    int size() {
        return buffer.position();
    }

    /// What was appended, to be read; nothing may be appended until [#clear].
    ByteBuffer readable() {
        return buffer.flip();
    }

    /// Starts over, and gives back room beyond `keptBytes`.
    void clear(int keptBytes) {
        buffer = buffer.capacity() > keptBytes ? ByteBuffer.allocate(keptBytes) : buffer.clear();
    }

    /// Forgets all but the first `size` bytes.
    void cut(int size) {
        buffer.position(size);
    }

    /// Writes a number over what is at `index`.
    void patch(int index, int number) {
        buffer.putInt(index, number);
    }

    /// A copy.
    byte[] bytes() {
        return Arrays.copyOf(buffer.array(), buffer.position());
    }
}
