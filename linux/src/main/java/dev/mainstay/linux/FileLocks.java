package dev.mainstay.linux;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The locks on files that the kernel knows of, as `/proc` shows them.
///
/// **Threads:** any thread.
public final class FileLocks {
    private static final Path LOCKS = Path.of("/proc/locks");

    private FileLocks() {}

    /// The processes of this node that hold a flock(2) on the file.
    public static List<Long> holders(Path path) throws IOException {
        var inode = ":" + Files.getAttribute(path, "unix:ino");
        // a line: number, FLOCK, ADVISORY, WRITE, pid, device:inode, from, to; the device's number is the
        // kernel's own
        return SystemText.lines(LOCKS).stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(fields -> fields.length > 5 && fields[1].equals("FLOCK") && fields[5].endsWith(inode))
                .map(fields -> Long.parseLong(fields[4]))
                .filter(pid -> held(pid).isPresent())
                .toList();
    }

    /// The inode of the file on which the process holds an exclusive flock(2) by a descriptor of its own; the
    /// file itself is not touched, so that a silent file server cannot hang the caller.
    public static Optional<String> held(long pid) {
        var folder = Path.of("/proc", Long.toString(pid), "fdinfo");
        try (var descriptors = Files.newDirectoryStream(folder)) {
            for (var one : descriptors) {
                var lock = lock(one);
                if (lock.isPresent()) {
                    return lock;
                }
            }
        } catch (IOException | DirectoryIteratorException gone) {
            // it ended, or belongs to somebody who may hide it: nothing to see
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static Optional<String> lock(Path descriptor) throws IOException {
        try {
            return SystemText.lines(descriptor).stream()
                    .filter(line -> line.startsWith("lock:") && line.contains("FLOCK") && line.contains("WRITE"))
                    .map(line -> line.strip().split("\\s+"))
                    .filter(fields -> fields.length > 6)
                    .map(fields -> fields[6].substring(fields[6].lastIndexOf(':') + 1))
                    .findFirst();
        } catch (NoSuchFileException closed) {
            return Optional.empty();
        }
    }
}
