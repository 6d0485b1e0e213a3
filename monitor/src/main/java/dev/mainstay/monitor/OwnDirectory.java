package dev.mainstay.monitor;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The folder of a monitor, locked for as long as this process lives: two monitors must never host the same
/// resources, whatever the cluster service remembers of the one before.
final class OwnDirectory implements AutoCloseable {
    /// A killed process is gone for its parent a little before its last thread has let go of its files.
    private static final long CLAIM_MILLIS = 2_000;

    private static final long LOOK_MILLIS = 20;

    private final FileChannel file;

    private OwnDirectory(FileChannel file) {
        this.file = file;
    }

    /// Claims the folder; empty when another monitor has it.
    static Optional<OwnDirectory> claim(Path directory) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        var file = FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLAIM_MILLIS);
        // The lock ends with the channel.
        while (file.tryLock() == null) {
            if (System.nanoTime() - end >= 0) {
                file.close();
                return Optional.empty();
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        return Optional.of(new OwnDirectory(file));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
