package dev.mainstay.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/// A folder, held open, on the way to which no symbolic link of another user was followed.
///
/// Links of root and of the user whose file rights the thread has are followed: both could do without. What is
/// opened, renamed or made below [#path] stays in this very folder, whatever is put in its place meanwhile.
///
/// **Threads:** one at a time; file rights are those of the calling thread.
public final class OpenFolder implements AutoCloseable {
    private static final int LINKS_MAX = 40;
    private static final long CURRENT_DIRECTORY = -100;
    private static final int LINK_BYTES_MAX = 4096;

    private final Path name;
    private final long number;

    private OpenFolder(Path name, long number) {
        this.name = name;
        this.number = number;
    }

    /// Opens the folder.
    ///
    /// @param follower the user whose links are followed beside those of root
    public static OpenFolder open(Path folder, long follower) throws IOException {
        var absolute = folder.toAbsolutePath();
        Deque<String> rest = new ArrayDeque<>();
        absolute.forEach(part -> rest.add(part.toString()));
        long at = step(CURRENT_DIRECTORY, "/", absolute);
        int links = 0;
        try {
            while (!rest.isEmpty()) {
                var part = rest.removeFirst();
                long next = step(at, part, absolute);
                var kind = FileKind.of(next);
                if (!kind.isLink()) {
                    close(at);
                    at = next;
                    continue;
                }
                var target = followed(next, part, kind, follower, absolute);
                if (++links > LINKS_MAX) {
                    throw new IOException("'%s' leads through too many symbolic links".formatted(absolute));
                }
                if (target.startsWith("/")) {
                    close(at);
                    at = step(CURRENT_DIRECTORY, "/", absolute);
                }
                var parts = target.split("/+");
                for (int i = parts.length - 1; i >= 0; i--) {
                    if (!parts[i].isEmpty()) {
                        rest.addFirst(parts[i]);
                    }
                }
            }
            return new OpenFolder(absolute, at);
        } catch (IOException e) {
            close(at);
            throw e;
        }
    }

    private static String followed(long link, String part, FileKind kind, long follower, Path whole)
            throws IOException {
        try (var arena = Arena.ofConfined()) {
            if (kind.owner() != 0 && kind.owner() != follower) {
                throw new IOException("'%s' on the way to '%s' is a symbolic link of user %d, which is not followed"
                        .formatted(part, whole, kind.owner()));
            }
            var text = SystemCall.allocate(arena, LINK_BYTES_MAX);
            var empty = arena.allocateFrom("").address();
            var length = SystemCall.call(SystemCall.READ_LINK_AT, link, empty, text.address(), LINK_BYTES_MAX);
            if (length < 0) {
                throw new IOException(ErrorNumber.words(-length));
            }
            return new String(
                    text.asSlice(0, length).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        } finally {
            close(link);
        }
    }

    private static long step(long from, String part, Path whole) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var answer = SystemCall.call(
                    SystemCall.OPEN_AT,
                    from,
                    arena.allocateFrom(part, StandardCharsets.UTF_8).address(),
                    OpenFile.PLACE_ONLY | OpenFile.NO_LINK | Descriptor.CLOSE_ON_EXEC,
                    0);
            if (answer == -ErrorNumber.ENOENT) {
                throw new java.nio.file.NoSuchFileException(whole.toString());
            }
            if (answer < 0) {
                throw new IOException("folder '%s': %s".formatted(whole, ErrorNumber.words(-answer)));
            }
            return answer;
        }
    }

    private static void close(long descriptor) {
        SystemCall.call(SystemCall.NUMBERS.close(), descriptor);
    }

    /// A path that leads to this very folder for as long as it is open.
    public Path path() {
        return Path.of("/proc/self/fd", Long.toString(number));
    }

    /// How it was called.
    public Path name() {
        return name;
    }

    long number() {
        return number;
    }

    @Override
    public void close() {
        close(number);
    }
}
