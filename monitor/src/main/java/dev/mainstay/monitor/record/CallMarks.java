package dev.mainstay.monitor.record;

import static dev.mainstay.protocol.MarkedCalls.HEAD_BYTES;
import static dev.mainstay.protocol.MarkedCalls.KINDS;
import static dev.mainstay.protocol.MarkedCalls.LINES_MAX;
import static dev.mainstay.protocol.MarkedCalls.LINE_BYTES;

import dev.mainstay.linux.ProcessTable;
import dev.mainstay.monitor.entry.EntryPoint;
import dev.mainstay.monitor.entry.Mark;
import dev.mainstay.protocol.MarkedCalls;
import dev.mainstay.protocol.ToService.Hello.ProcessRef;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The file in which this monitor marks the calls under way, see [MarkedCalls].
///
/// Marks are best effort: without room on the disk, and past [MarkedCalls#LINES_MAX] resources, there are none.
///
/// **Threads:** any.
public final class CallMarks {
    private static final VarHandle MARKS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    /// Lines are added by as many at once: a file of a small monitor has 68 KiB.
    private static final int LINES_AT_ONCE = 256;

    private static final Map<EntryPoint, Integer> CALLS = new EnumMap<>(EntryPoint.class);
    private static final Map<EntryPoint, Integer> WORKERS = new EnumMap<>(EntryPoint.class);
    private static final int CONTROL_WORKERS = KINDS - 1;

    static {
        for (var call : EntryPoint.values()) {
            CALLS.put(call, CALLS.size());
            WORKERS.put(call, CONTROL_WORKERS);
        }
        WORKERS.put(EntryPoint.ONLINE, CALLS.size());
        WORKERS.put(EntryPoint.OFFLINE, CALLS.size() + 1);
    }

    private final Path path;
    private final LongSupplier nanos;
    private final long baseNanos;
    // Guarded by this.
    private final Map<String, Line> lines = new HashMap<>();
    private final Deque<Place> free = new ArrayDeque<>();
    private int made;
    private Optional<IOException> trouble = Optional.empty();

    private record Place(ByteBuffer lines, int at) {}

    private CallMarks(Path path, LongSupplier nanos) {
        this.path = path;
        this.nanos = nanos;
        this.baseNanos = nanos.getAsLong();
    }

    /// Begins the file anew.
    ///
    /// @param nanos a clock that never jumps
    /// @param micros the time in microseconds since 1970
    public static CallMarks begin(Path path, LongSupplier nanos, long micros) {
        var marks = new CallMarks(path, nanos);
        var head = ByteBuffer.allocate(HEAD_BYTES);
        MarkedCalls.writeHead(head, self(), kinds(), micros);
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            Files.write(path, head.array());
        } catch (IOException e) {
            marks.trouble = Optional.of(e);
        }
        return marks;
    }

    private static ProcessRef self() {
        var pid = ProcessHandle.current().pid();
        var ticks = ProcessTable.read(pid).map(ProcessTable.Entry::startTicks).orElse(0L);
        return new ProcessRef(pid, ticks, ProcessTable.bootId());
    }

    private static List<String> kinds() {
        return Stream.concat(
                        CALLS.keySet().stream().map(EntryPoint::word),
                        Stream.of("worker of online", "worker of offline", "worker of a control"))
                .collect(Collectors.toList());
    }

    /// Why calls are not marked, if that is so.
    public synchronized Optional<IOException> trouble() {
        return trouble;
    }

    /// Where the calls of a resource are marked.
    ///
    /// @param resource its name, or empty for calls of the type
    public synchronized Mark of(String resource, String type) {
        var key = resource + "/" + type;
        var known = lines.get(key);
        if (known != null) {
            return known;
        }
        if (trouble.isPresent() || (free.isEmpty() && !grow())) {
            return Mark.NONE;
        }
        var place = free.removeFirst();
        if (!MarkedCalls.writeNames(place.lines, place.at, resource, type)) {
            free.addFirst(place);
            return Mark.NONE;
        }
        var line = new Line(place);
        lines.put(key, line);
        return line;
    }

    /// A resource is not hosted any more; what of it still runs keeps its line.
    public synchronized void forget(String resource, String type) {
        var line = lines.remove(resource + "/" + type);
        if (line != null && line.rests()) {
            free.addFirst(line.place);
        }
    }

    /// Zeros are written before they are mapped: a hole in a file on a full disk would end this process.
    private boolean grow() {
        if (made >= LINES_MAX) {
            return false;
        }
        var zeros = ByteBuffer.allocate(LINES_AT_ONCE * LINE_BYTES);
        long from = HEAD_BYTES + (long) made * LINE_BYTES;
        try (var file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            for (long at = from; zeros.hasRemaining(); ) {
                at += file.write(zeros, at);
            }
            MappedByteBuffer mapped = file.map(FileChannel.MapMode.READ_WRITE, from, zeros.capacity());
            mapped.order(ByteOrder.nativeOrder());
            for (int i = 0; i < LINES_AT_ONCE; i++) {
                free.addLast(new Place(mapped, i * LINE_BYTES));
            }
            made += LINES_AT_ONCE;
            return true;
        } catch (IOException e) {
            trouble = Optional.of(e);
            return false;
        }
    }

    /// The marks of one resource or type. A kind of call is under way once at a time, but for workers of controls.
    private final class Line implements Mark {
        private final Place place;
        private int workers;

        Line(Place place) {
            this.place = place;
        }

        boolean rests() {
            for (int kind = 0; kind < KINDS; kind++) {
                if ((long) MARKS.getAcquire(place.lines, place.at + kind * Long.BYTES) != 0) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public void begins(EntryPoint call, boolean worker) {
            if (worker) {
                workerBegins(kind(WORKERS, call));
            } else {
                set(kind(CALLS, call), nanos.getAsLong() - baseNanos + 1);
            }
        }

        @Override
        public void ends(EntryPoint call, boolean worker) {
            if (worker) {
                workerEnds(kind(WORKERS, call));
            } else {
                set(kind(CALLS, call), 0);
            }
        }

        private synchronized void workerBegins(int kind) {
            if (kind != CONTROL_WORKERS || ++workers == 1) {
                set(kind, nanos.getAsLong() - baseNanos + 1);
            }
        }

        private synchronized void workerEnds(int kind) {
            if (kind != CONTROL_WORKERS || --workers == 0) {
                set(kind, 0);
            }
        }

        private static int kind(Map<EntryPoint, Integer> kinds, EntryPoint call) {
            return Objects.requireNonNull(kinds.get(call));
        }

        private void set(int kind, long value) {
            MARKS.setRelease(place.lines, place.at + kind * Long.BYTES, value);
        }
    }
}
