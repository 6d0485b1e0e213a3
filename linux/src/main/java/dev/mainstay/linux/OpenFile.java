package dev.mainstay.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// An open file that a program is to inherit. Its last name was no symbolic link.
public final class OpenFile implements AutoCloseable {
    static final long PLACE_ONLY = 0x20_0000;
    static final long NO_LINK = SystemCall.byMachine(0x2_0000, 0x8000);

    private static final long WRITE_ONLY = 1;
    private static final long CREATE = 0x40;
    private static final long NO_TERMINAL = 0x100;
    private static final long APPEND = 0x400;
    private static final long DO_NOT_WAIT = 0x800;
    private static final long SET_FLAGS = 4;
    private static final long HIGH = 3;
    private static final long DUPLICATE_HIGH = 1030;
    private static final int NOBODY_READS = 6;

    private final long number;
    private final FileKind kind;
    private final AtomicBoolean closed = new AtomicBoolean();

    private OpenFile(long number, FileKind kind) {
        this.number = number;
        this.kind = kind;
    }

    /// Opens a file for reading.
    public static OpenFile reading(Path file) throws IOException {
        return opened(file, open(-100, file.toString(), NO_LINK, 0));
    }

    /// Opens a file for what is added at its end, and makes it when it is missing, readable for nobody else. Empty
    /// when it is a named pipe that nobody reads yet.
    ///
    /// **Time:** never waits for a reader; a file server that is silent is another matter.
    public static Optional<OpenFile> appending(OpenFolder folder, String name, int mode) throws IOException {
        var path = folder.name().resolve(name);
        var flags = WRITE_ONLY | CREATE | APPEND | NO_LINK | NO_TERMINAL | DO_NOT_WAIT;
        var answer = open(folder.number(), name, flags, mode);
        if (answer == -NOBODY_READS) {
            return Optional.empty();
        }
        var file = opened(path, answer);
        if (file.kind.isFolder()) {
            file.close();
            throw new IOException("'%s' is a folder".formatted(path));
        }
        SystemCall.tried("opening '%s'".formatted(path), SystemCall.FILE_CONTROL, file.number, SET_FLAGS, APPEND);
        return Optional.of(file);
    }

    private static long open(long folder, String name, long flags, long mode) {
        try (var arena = Arena.ofConfined()) {
            var text = arena.allocateFrom(name, StandardCharsets.UTF_8);
            return SystemCall.call(SystemCall.OPEN_AT, folder, text.address(), flags | Descriptor.CLOSE_ON_EXEC, mode);
        }
    }

    private static OpenFile opened(Path path, long answer) throws IOException {
        if (answer == -ErrorNumber.ENOENT) {
            throw new NoSuchFileException(path.toString());
        }
        if (answer < 0) {
            throw new IOException("opening '%s': %s".formatted(path, ErrorNumber.words(-answer)));
        }
        var number = answer;
        if (number < HIGH) {
            // where a program's own descriptors go it would be overwritten on the way
            number = SystemCall.tried(
                    "opening '%s'".formatted(path), SystemCall.FILE_CONTROL, answer, DUPLICATE_HIGH, HIGH);
            SystemCall.call(SystemCall.NUMBERS.close(), answer);
        }
        return new OpenFile(number, FileKind.of(number));
    }

    /// What it is.
    public FileKind kind() {
        return kind;
    }

    long number() {
        return number;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            SystemCall.call(SystemCall.NUMBERS.close(), number);
        }
    }
}
