package dev.mainstay.protocol;

import dev.mainstay.protocol.ToService.Hello.ProcessRef;
import dev.mainstay.protocol.WireCodec.MalformedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The calls of entry points that were under way in a monitor when its process ended.
///
/// A monitor marks each call in a file that is mapped into its memory: a mark costs no system call, and what
/// stands there survives the process, however it ended. The file is not flushed: it says nothing after the machine
/// stopped.
///
/// It begins with a head of [#HEAD_BYTES]: [#MAGIC], the process, its clocks, and the words of the kinds of call.
/// A line of [#LINE_BYTES] follows for each resource, and for each type: a number for each kind of call, 0 while
/// none is under way and else when it began, then the names. Numbers are in the byte order of the machine.
///
/// @param process the process that made the marks
/// @param underway what was under way, longest first
public record MarkedCalls(ProcessRef process, List<MarkedCall> underway) {
    /// The file in the folder of the monitor.
    public static final String FILE = "calls";

    /// The first eight bytes of the file.
    public static final long MAGIC = 0x4d53_5443_414c_4c31L;

    /// Length of the head, a page of memory.
    public static final int HEAD_BYTES = 4_096;

    /// Length of a line.
    public static final int LINE_BYTES = 256;

    /// Kinds of call in a line.
    public static final int KINDS = 16;

    /// Lines in a file at most: a monitor hosts ten thousand resources.
    public static final int LINES_MAX = 16_384;

    private static final int BOOT_AT = 32;
    private static final int KINDS_AT = 256;
    private static final int KIND_BYTES = 64;
    private static final int TYPE_AT = KINDS * Long.BYTES;
    private static final int RESOURCE_AT = TYPE_AT + (LINE_BYTES - TYPE_AT) / 2;

    /// Copies the list.
    public MarkedCalls {
        underway = List.copyOf(underway);
    }

    /// A call that was under way.
    ///
    /// @param resource whose call it was, or empty for a call of the type
    /// @param call the entry point, or in words the work that it handed over
    /// @param sinceMicros when it began, in microseconds since 1970
    public record MarkedCall(String resource, String type, String call, long sinceMicros) {}

    /// Writes the head of a file.
    ///
    /// @param kinds the words of each kind of call, by its place in a line
    /// @param micros the time in microseconds since 1970 from which marks count nanoseconds
    public static void writeHead(ByteBuffer file, ProcessRef process, List<String> kinds, long micros) {
        var head = file.duplicate().order(ByteOrder.nativeOrder()).clear();
        head.putLong(0).putLong(process.pid()).putLong(process.startTicks()).putLong(micros);
        putText(head, BOOT_AT, process.bootId(), KINDS_AT - BOOT_AT);
        for (int i = 0; i < kinds.size(); i++) {
            putText(head, KINDS_AT + i * KIND_BYTES, kinds.get(i), KIND_BYTES);
        }
        head.putLong(0, MAGIC);
    }

    /// Writes the names of a line whose marks are all 0.
    ///
    /// @return false when they are too long for it
    public static boolean writeNames(ByteBuffer lines, int at, String resource, String type) {
        var line = lines.duplicate().order(ByteOrder.nativeOrder());
        return putText(line, at + TYPE_AT, type, RESOURCE_AT - TYPE_AT)
                && putText(line, at + RESOURCE_AT, resource, LINE_BYTES - RESOURCE_AT);
    }

    private static boolean putText(ByteBuffer to, int at, String text, int room) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= room) {
            return false;
        }
        to.put(at, (byte) bytes.length);
        to.put(at + 1, bytes);
        return true;
    }

    /// Reads a file.
    ///
    /// **Errors:** [MalformedException] when it is no such file; it may have been cut short by a full disk.
    public static MarkedCalls read(Path file) throws IOException, MalformedException {
        ByteBuffer bytes;
        try (var channel = FileChannel.open(file)) {
            bytes = ByteBuffer.allocate((int) Math.min(channel.size(), HEAD_BYTES + (long) LINES_MAX * LINE_BYTES));
            int got;
            do {
                got = channel.read(bytes);
            } while (got >= 0 && bytes.hasRemaining());
        }
        bytes.flip().order(ByteOrder.nativeOrder());
        if (bytes.limit() < HEAD_BYTES || bytes.getLong(0) != MAGIC) {
            throw new MalformedException("'%s' holds no marks of calls: its head is missing".formatted(file));
        }
        var process = new ProcessRef(bytes.getLong(8), bytes.getLong(16), text(bytes, BOOT_AT, KINDS_AT));
        var underway = new ArrayList<MarkedCall>();
        for (int at = HEAD_BYTES; at + LINE_BYTES <= bytes.limit(); at += LINE_BYTES) {
            for (int kind = 0; kind < KINDS; kind++) {
                long began = bytes.getLong(at + kind * Long.BYTES);
                if (began != 0) {
                    int word = KINDS_AT + kind * KIND_BYTES;
                    underway.add(new MarkedCall(
                            text(bytes, at + RESOURCE_AT, at + LINE_BYTES),
                            text(bytes, at + TYPE_AT, at + RESOURCE_AT),
                            text(bytes, word, word + KIND_BYTES),
                            bytes.getLong(24) + began / 1_000));
                }
            }
        }
        underway.sort(Comparator.comparingLong(MarkedCall::sinceMicros));
        return new MarkedCalls(process, underway);
    }

    private static String text(ByteBuffer bytes, int at, int end) throws MalformedException {
        int length = bytes.get(at);
        if (length < 0 || at + 1 + length > end) {
            throw new MalformedException(
                    "a name at byte %d has %d bytes, there is room for %d".formatted(at, length, end - at - 1));
        }
        var name = new byte[length];
        bytes.get(at + 1, name);
        return new String(name, StandardCharsets.UTF_8);
    }
}
