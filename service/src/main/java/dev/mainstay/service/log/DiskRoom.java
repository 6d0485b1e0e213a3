package dev.mainstay.service.log;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Watches the free space of the log's file system, so that changes are refused before the engine hits its end.
///
/// **Threads:** any.
final class DiskRoom {
    /// Below this changes are refused: room for two segments being written ahead, a snapshot and the engine's own
    /// files.
    static final long FLOOR_BYTES = 16L << 20;

    private final Path directory;
    private final FileStore store;

    DiskRoom(Path directory) throws IOException {
        this.directory = directory;
        this.store = Files.getFileStore(directory);
    }

    /// What is in the way of writing, if anything.
    Optional<String> shortage() {
        try {
            long free = store.getUsableSpace();
            return free >= FLOOR_BYTES
                    ? Optional.empty()
                    : Optional.of("%d KiB are free on the disk of '%s', changes need %d KiB"
                            .formatted(free >> 10, directory, FLOOR_BYTES >> 10));
        } catch (IOException e) {
            return Optional.of("the disk of '%s' does not answer: %s".formatted(directory, e.getMessage()));
        }
    }
}
