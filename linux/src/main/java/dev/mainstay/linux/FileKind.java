package dev.mainstay.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;

/// What an open file is.
///
/// @param mode its kind and rights, as the kernel keeps them
/// @param owner the number of the user it belongs to
/// @param device the file system's number
/// @param inode its number there; with the file system's it names one file
public record FileKind(int mode, long owner, long device, long inode) {
    private static final long STATUS_BYTES = 256;
    private static final long EMPTY_PATH = 0x1000;
    private static final long BASIC = 0x7FF;
    private static final int KIND = 0170000;

    static FileKind of(long descriptor) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var status = SystemCall.allocate(arena, STATUS_BYTES);
            SystemCall.tried(
                    "looking at a file",
                    SystemCall.FILE_STATUS,
                    descriptor,
                    arena.allocateFrom("").address(),
                    EMPTY_PATH,
                    BASIC,
                    status.address());
            return new FileKind(
                    Short.toUnsignedInt(status.get(JAVA_SHORT, 28)),
                    Integer.toUnsignedLong(status.get(JAVA_INT, 20)),
                    (long) status.get(JAVA_INT, 136) << 32 | Integer.toUnsignedLong(status.get(JAVA_INT, 140)),
                    status.get(JAVA_LONG, 32));
        }
    }

    /// Whether it is a symbolic link.
    public boolean isLink() {
        return (mode & KIND) == 0120000;
    }

    /// Whether it is a regular file.
    public boolean isFile() {
        return (mode & KIND) == 0100000;
    }

    /// Whether it is the end of a named pipe.
    public boolean isPipe() {
        return (mode & KIND) == 0010000;
    }

    /// Whether it is a folder.
    public boolean isFolder() {
        return (mode & KIND) == 0040000;
    }
}
