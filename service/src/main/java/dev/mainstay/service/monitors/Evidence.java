package dev.mainstay.service.monitors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The folder with the evidence of what ended monitors: the newest are kept.
///
/// **Threads:** any.
final class Evidence {
    /// Files kept; one may hold the stacks of a large monitor, about a megabyte.
    static final int FILES_MAX = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Evidence.class);
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Path folder;

    Evidence(Path folder) {
        this.folder = folder;
    }

    /// Keeps what a monitor wrote; returns where it is now, or nothing when it is nowhere.
    String keep(String file) {
        if (file.isEmpty() || !Files.isRegularFile(Path.of(file))) {
            return "";
        }
        var path = Path.of(file).toAbsolutePath();
        try {
            if (path.startsWith(folder.toAbsolutePath())) {
                forgetOld();
                return path.toString();
            }
            var kept = prepared().resolve(path.getFileName());
            Files.move(path, kept, StandardCopyOption.REPLACE_EXISTING);
            forgetOld();
            return kept.toString();
        } catch (IOException e) {
            LOG.warn("keep the evidence '{}' in '{}': {}", path, folder, e.toString());
            return path.toString();
        }
    }

    /// Writes what is known of an end that left no evidence of its own; returns where it is.
    String write(String monitor, Instant at, String text) {
        try {
            var file = prepared().resolve("%s-%s.txt".formatted(NAME.format(at), monitor));
            Files.writeString(file, text);
            forgetOld();
            return file.toString();
        } catch (IOException e) {
            LOG.warn("write the evidence of the end of monitor '{}' in '{}': {}", monitor, folder, e.toString());
            return "";
        }
    }

    private Path prepared() throws IOException {
        Files.createDirectories(folder);
        // Output of a resource type may hold secrets.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        return folder;
    }

    private void forgetOld() throws IOException {
        try (var files = Files.list(folder)) {
            var oldest = files.filter(Files::isRegularFile)
                    .sorted(Comparator.comparingLong(
                                    (Path file) -> file.toFile().lastModified())
                            .reversed())
                    .skip(FILES_MAX)
                    .toList();
            for (var file : oldest) {
                Files.deleteIfExists(file);
            }
        }
    }
}
