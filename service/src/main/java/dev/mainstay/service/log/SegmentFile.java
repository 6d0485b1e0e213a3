package dev.mainstay.service.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;

/// One segment of the engine's log: a header, then entries, each with its length before it and a check sum behind
/// it, then zeros.
///
/// @param start the index of its first entry
/// @param end the index of its last one; -1 while it is being written
record SegmentFile(Path file, long start, long end) {
    private static final byte[] HEADER = "RaftLog1".getBytes(StandardCharsets.US_ASCII);
    private static final String OPEN = "log_inprogress_";
    /// Far above a segment and an entry together: more is not read into memory.
    private static final long BYTES_MAX = 64L << 20;

    private static final int SAMPLES_MAX = 8;

    /// What was read.
    ///
    /// @param last the index of the last good entry
    /// @param end where it ends
    /// @param term the highest term
    /// @param trouble what is wrong behind it
    /// @param maybeTorn whether that may be an entry that was being written
    record Read(long last, int end, long term, Optional<String> trouble, boolean maybeTorn) {}

    private record Entry(LogEntryProto content, int end) {}

    static SegmentFile named(Path file) {
        var name = file.getFileName().toString();
        if (name.startsWith(OPEN)) {
            return new SegmentFile(file, Long.parseLong(name.substring(OPEN.length())), -1);
        }
        var numbers = name.substring("log_".length()).split("-");
        return new SegmentFile(file, Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
    }

    boolean isOpen() {
        return end < 0;
    }

    Read read(List<byte[]> samples) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > BYTES_MAX) {
            return new Read(start - 1, 0, 0, Optional.of("it is no file of a log"), false);
        }
        var bytes = Files.readAllBytes(file);
        int zeros = endOfContent(bytes);
        if (!Arrays.equals(Arrays.copyOf(bytes, Math.min(bytes.length, HEADER.length)), HEADER)) {
            boolean begun = isOpen()
                    && Arrays.equals(
                            bytes, 0, Math.min(zeros, HEADER.length), HEADER, 0, Math.min(zeros, HEADER.length))
                    && zeros <= HEADER.length;
            return begun
                    ? new Read(start - 1, 0, 0, Optional.empty(), true)
                    : new Read(start - 1, 0, 0, Optional.of("its first bytes are not those of a log"), isOpen());
        }
        long last = start - 1;
        long term = 0;
        int at = HEADER.length;
        while (at < zeros) {
            var entry = entry(bytes, at);
            if (entry.isEmpty() || entry.get().content().getIndex() != last + 1) {
                var what = "entry %d, at byte %d, does not have its check sum".formatted(last + 1, at);
                return new Read(last, at, term, Optional.of(what), entry.isEmpty() && !continues(bytes, at));
            }
            var content = entry.get().content();
            last++;
            at = entry.get().end();
            term = Math.max(term, content.getTerm());
            if (content.hasStateMachineLogEntry() && samples.size() < SAMPLES_MAX) {
                samples.add(content.getStateMachineLogEntry().getLogData().toByteArray());
            }
        }
        if (!isOpen() && last != end) {
            var what = "it ends with entry %d, by its name with entry %d".formatted(last, end);
            return new Read(last, at, term, Optional.of(what), false);
        }
        return new Read(last, at, term, Optional.empty(), false);
    }

    /// Whether a good entry follows one that is not: then that one was once complete.
    private static boolean continues(byte[] bytes, int at) {
        var length = length(bytes, at);
        return length.isPresent() && entry(bytes, length.get().end()).isPresent();
    }

    private record Length(int content, int bytes, int end) {}

    private static Optional<Length> length(byte[] bytes, int at) {
        long value = 0;
        for (int i = 0; i < 5 && at + i < bytes.length; i++) {
            value |= (long) (bytes[at + i] & 0x7f) << (7 * i);
            if (bytes[at + i] >= 0) {
                long end = at + i + 1 + value + Integer.BYTES;
                return value > 0 && end <= bytes.length
                        ? Optional.of(new Length((int) value, i + 1, (int) end))
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static Optional<Entry> entry(byte[] bytes, int at) {
        var length = length(bytes, at);
        if (length.isEmpty()) {
            return Optional.empty();
        }
        int size = length.get().bytes() + length.get().content();
        var sum = new CRC32C();
        sum.update(bytes, at, size);
        if ((int) sum.getValue() != ByteBuffer.wrap(bytes).getInt(at + size)) {
            return Optional.empty();
        }
        try {
            var content = ByteBuffer.wrap(
                    bytes, at + length.get().bytes(), length.get().content());
            return Optional.of(
                    new Entry(LogEntryProto.parseFrom(content), length.get().end()));
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }

    /// Where the zeros at the end begin. A check sum may end with some, so this is only a guess from below.
    private static int endOfContent(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return end;
    }
}
