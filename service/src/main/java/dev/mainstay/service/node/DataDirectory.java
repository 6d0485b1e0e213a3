package dev.mainstay.service.node;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// The directory that holds all a node must not lose; locked, so that no second cluster service uses it.
///
/// **Threads:** one.
final class DataDirectory implements AutoCloseable {
    private final Path path;
    private final FileChannel file;
    private final FileLock lock;

    /// Another cluster service uses the directory.
    static final class InUse extends Exception {
        private static final long serialVersionUID = 1;

        InUse(String message) {
            super(message);
        }
    }

    private DataDirectory(Path path, FileChannel file, FileLock lock) {
        this.path = path;
        this.file = file;
        this.lock = lock;
    }

    /// Creates the directory when it is missing, and locks it until this process ends.
    static DataDirectory open(Path path) throws IOException, InUse {
        Files.createDirectories(path);
        PrivateFiles.tighten(path);
        for (var own : List.of("run", "log", "journal", "evidence")) {
            var folder = Files.createDirectories(path.resolve(own));
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
        var file = FileChannel.open(
                path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        var lock = tryLock(file);
        if (lock == null) {
            var holder = ByteBuffer.allocate(64);
            file.read(holder, 0);
            file.close();
            throw new InUse(
                    "use data directory '%s': the cluster service with pid %s uses it. Stop that one, or choose another "
                                    .formatted(
                                            path,
                                            StandardCharsets.US_ASCII
                                                    .decode(holder.flip())
                                                    .toString()
                                                    .strip())
                            + "directory with --data.");
        }
        file.truncate(0);
        file.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
        return new DataDirectory(path, file, lock);
    }

    private static @org.jspecify.annotations.Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException inThisProcess) {
            return null;
        }
    }

    Path path() {
        return path;
    }

    /// Whether this version of the cluster service has not run here before; from now on it has.
    boolean isFirstStartOf(String version) throws IOException {
        var file = path.resolve("version");
        var before = Files.isRegularFile(file)
                ? new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip()
                : "";
        if (before.equals(version)) {
            return false;
        }
        Files.writeString(file, version + "\n");
        return true;
    }

    @Override
    public void close() throws IOException {
        lock.release();
        file.close();
    }
}
