package dev.mainstay.service.monitors;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a monitor process writes to its standard output and error, of bounded size.
///
/// The monitor appends to the open file, so it is shortened in place: the last full length is kept beside it.
final class OutputFile {
    /// A healthy monitor writes nothing here; this much tells what is wrong with one that is not.
    static final long LIMIT_BYTES = 1 << 20;
    /// Lines shown when a monitor does not start.
    static final int TAIL_LINES = 10;

    private static final Logger LOG = LoggerFactory.getLogger(OutputFile.class);
    private static final int TAIL_BYTES = 8192;

    private final Path path;

    OutputFile(Path directory) {
        this.path = directory.resolve("output.log");
    }

    Path path() {
        return path;
    }

    /// Where the next line will be written.
    long length() throws IOException {
        return Files.exists(path) ? Files.size(path) : 0;
    }

    /// Moves the content away when it is over the limit.
    void shorten() throws IOException {
        if (length() <= LIMIT_BYTES) {
            return;
        }
        Files.copy(path, path.resolveSibling("output.log.1"), StandardCopyOption.REPLACE_EXISTING);
        try (var file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            file.truncate(0);
        }
    }

    /// Moves the content of a monitor's file away when it is over the limit.
    static void shorten(String monitor, Path directory) {
        try {
            new OutputFile(directory).shorten();
        } catch (IOException e) {
            LOG.warn("shorten the output file of monitor '{}': {}", monitor, e.toString());
        }
    }

    /// The last lines written after `from`.
    List<String> tail(long from) throws IOException {
        long length = length();
        long start = Math.max(Math.min(from, length), length - TAIL_BYTES);
        try (var file = Files.newInputStream(path)) {
            file.skipNBytes(start);
            var lines = new String(file.readNBytes(TAIL_BYTES), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
        }
    }
}
