package dev.mainstay.service.monitors;

import dev.mainstay.protocol.ToService.Deadlocked;
import dev.mainstay.service.monitors.Suspects.Suspect;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The folder with the evidence of what ended monitors: the newest are kept.
///
/// **Threads:** any.
final class Evidence {
    /// Files kept; one may hold the stacks of a large monitor, about a megabyte.
    static final int FILES_MAX = 100;

    /// A monitor ends within a second of writing; a starved node takes longer.
    private static final Duration WRITTEN_WITHIN = Duration.ofMinutes(1);
    private static final int HEAD_LINES = 10;

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
            boolean here = path.startsWith(folder.toAbsolutePath());
            var kept = here ? path : prepared().resolve(path.getFileName());
            if (!here) {
                Files.move(path, kept, StandardCopyOption.REPLACE_EXISTING);
            }
            Thread.ofVirtual().name("evidence").start(() -> finish(kept));
            return kept.toString();
        } catch (IOException e) {
            LOG.warn("keep the evidence '{}' in '{}': {}", path, folder, e.toString());
            return path.toString();
        }
    }

    /// Waits for the disk, so that the file survives a loss of power; whoever replaces a monitor does not.
    private void finish(Path file) {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
            forgetOld();
        } catch (IOException e) {
            LOG.warn("keep the evidence '{}' safe from a loss of power: {}", file, e.toString());
        }
    }

    /// What a monitor wrote of the call that ended it, from the first lines of its newest file here.
    ///
    /// @param at when it ended
    Optional<Deadlocked> culprit(String monitor, long pid, Instant at) {
        return newest(monitor, at, file -> read(file, self(monitor, pid)));
    }

    /// The resource that a monitor handled when it met a bug of its own, from the first lines of its newest file
    /// here; its type is not told.
    Suspects suspect(String monitor, long pid, Instant at) {
        return newest(monitor, at, file -> handled(file, self(monitor, pid)))
                .map(resource -> new Suspects(List.of(new Suspect(resource, "", "", at)), true))
                .orElse(Suspects.NONE);
    }

    private static String self(String monitor, long pid) {
        return "%s, pid %d".formatted(monitor, pid);
    }

    private <T> Optional<T> newest(String monitor, Instant at, Function<Path, Optional<T>> read) {
        var mark = "Z-%s-".formatted(URLEncoder.encode(monitor, StandardCharsets.UTF_8));
        try (var files = Files.list(folder)) {
            return files.filter(file -> String.valueOf(file.getFileName()).contains(mark))
                    .filter(file -> file.toFile().lastModified()
                            >= at.minus(WRITTEN_WITHIN).toEpochMilli())
                    .sorted(Comparator.reverseOrder())
                    .flatMap(file -> read.apply(file).stream())
                    .findFirst();
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("look in '{}' for what ended monitor '{}': {}", folder, monitor, e.toString());
            return Optional.empty();
        }
    }

    /// Reads a head such as the monitor writes it: a title, a summary, then lines of a key and its value.
    private static Optional<Deadlocked> read(Path file, String monitor) {
        try {
            var head = head(file);
            var values = values(head);
            if (!monitor.equals(values.get("monitor")) || !values.containsKey("call")) {
                return Optional.empty();
            }
            return Optional.of(new Deadlocked(
                    values.getOrDefault("resource", ""),
                    values.getOrDefault("type", ""),
                    values.getOrDefault("call", ""),
                    ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(first(values.getOrDefault("since", "")))),
                    Long.parseLong(first(values.getOrDefault("limit", ""))),
                    file.toAbsolutePath().toString(),
                    head.getFirst()));
        } catch (IOException | UncheckedIOException | DateTimeParseException | NumberFormatException e) {
            LOG.warn("read who ended monitor '{}' from '{}': {}", monitor, file, e.toString());
            return Optional.empty();
        }
    }

    private static List<String> head(Path file) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.skip(1)
                    .limit(HEAD_LINES)
                    .takeWhile(line -> !line.isEmpty())
                    .toList();
        }
    }

    private static Map<String, String> values(List<String> head) {
        var values = new HashMap<String, String>();
        head.stream()
                .skip(1)
                .map(line -> line.split(" +", 2))
                .filter(words -> words.length == 2)
                .forEach(words -> values.put(words[0], words[1]));
        return values;
    }

    private static Optional<String> handled(Path file, String monitor) {
        try {
            var values = values(head(file));
            return Optional.ofNullable(values.get("resource")).filter(_ -> monitor.equals(values.get("monitor")));
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("read what monitor '{}' handled from '{}': {}", monitor, file, e.toString());
            return Optional.empty();
        }
    }

    private static String first(String words) {
        return words.split("[ ,]", 2)[0];
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
