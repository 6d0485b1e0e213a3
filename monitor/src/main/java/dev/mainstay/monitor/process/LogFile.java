package dev.mainstay.monitor.process;

import dev.mainstay.spi.Processes.LogLimits;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// A file that processes append their output to by themselves, so that it needs no monitor to go on.
///
/// Rotation copies and truncates, because a process cannot be told to open another file. What is written between
/// the last byte copied and the truncation is lost; that is microseconds, and the price of needing no reader.
record LogFile(Path path, LogLimits limits) {
    LogFile {
        path = path.toAbsolutePath();
    }

    void prepare(String resource) throws ResourceFailure {
        if (path.toString().contains("\n")) {
            throw new ResourceFailure("starting '%s': the log's name '%s' has a line break in it. Name another"
                    .formatted(resource, path));
        }
        try {
            Files.createDirectories(path.getParent());
            rotateWhenFull();
        } catch (IOException e) {
            throw new ResourceFailure(
                    "starting '%s': its log '%s' cannot be written: %s. Make the folder writable, or name another log"
                            .formatted(resource, path, e.getMessage()),
                    e);
        }
    }

    /// How many bytes there are now; 0 when there is no file yet.
    long size() {
        try {
            return Files.size(path);
        } catch (IOException noneYet) {
            return 0;
        }
    }

    /// The last bytes written since `from`, at most `most`; the file may have been begun anew since.
    String tail(long from, int most) {
        try (var channel = FileChannel.open(path)) {
            var size = channel.size();
            var start = Math.max(from > size ? 0 : from, size - most);
            var bytes = ByteBuffer.allocate((int) (size - start));
            while (bytes.hasRemaining() && channel.read(bytes, start + bytes.position()) >= 0) {
                // read on: a file may come in pieces
            }
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        } catch (NoSuchFileException nothingWritten) {
            return "";
        } catch (IOException e) {
            return "(its log '%s' cannot be read: %s)".formatted(path, e.getMessage());
        }
    }

    void rotateWhenFull() throws IOException {
        if (size() < limits.bytes()) {
            return;
        }
        var fresh = older("new");
        try (var from = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (limits.files() > 1) {
                copy(from, fresh);
            }
            from.truncate(0);
        }
        if (limits.files() > 1) {
            for (var number = limits.files() - 1; number > 1; number--) {
                moveIfThere(older(Integer.toString(number - 1)), older(Integer.toString(number)));
            }
            moveIfThere(fresh, older("1"));
        }
    }

    /// Copies the newest part that fits one file, until nothing more has come meanwhile.
    private void copy(FileChannel from, Path target) throws IOException {
        try (var to = FileChannel.open(
                target, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            var size = from.size();
            var position = Math.max(0, size - 2 * limits.bytes());
            while (position < from.size()) {
                position += from.transferTo(position, limits.bytes(), to);
                if (to.size() > 3 * limits.bytes()) {
                    return;
                }
            }
        }
    }

    private static void moveIfThere(Path from, Path to) throws IOException {
        if (Files.exists(from)) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private Path older(String suffix) {
        return path.resolveSibling(path.getFileName() + "." + suffix);
    }
}
