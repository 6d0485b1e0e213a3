package dev.mainstay.monitor.evidence;

import dev.mainstay.protocol.PlainText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;

/// One file of evidence, written part by part: what was found before something hung is kept.
///
/// It survives the end of this process with every part written. That it survives a loss of power, too, the cluster
/// service sees to: nobody is to wait for the disk between a hang and the recovery from it.
///
/// **Threads:** one at a time.
final class EvidenceFile implements AutoCloseable {
    /// Files kept in the folder; the oldest go. An incident takes some hundred KiB at most, and nobody reads more.
    static final int KEPT = 50;

    private static final String SUFFIX = ".txt";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Path path;
    private final FileChannel file;

    private EvidenceFile(Path path, FileChannel file) {
        this.path = path;
        this.file = file;
    }

    /// Begins a file, whose name says when and what, and removes the oldest ones.
    ///
    /// @param words such as monitor, resource and call
    static EvidenceFile begin(Path folder, Instant at, List<String> words) throws IOException {
        Files.createDirectories(folder);
        // Stacks and output may hold secrets.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        makeRoom(folder);
        var parts = words.stream()
                .filter(word -> !word.isEmpty())
                .map(word -> URLEncoder.encode(word, StandardCharsets.UTF_8))
                .toList();
        var path = folder.resolve(TIME.format(at) + "-" + String.join("-", parts) + SUFFIX);
        return new EvidenceFile(
                path,
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND));
    }

    private static void makeRoom(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (var old : files.subList(0, Math.max(0, files.size() - KEPT + 1))) {
            Files.deleteIfExists(old);
        }
    }

    Path path() {
        return path;
    }

    void write(String text) throws IOException {
        var bytes = ByteBuffer.wrap(PlainText.lines(text).getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
