package dev.mainstay.service.node;

import dev.mainstay.api.ErrorCode;
import dev.mainstay.service.log.DirectoryCheck.Admitted;
import dev.mainstay.service.log.DirectoryRefused;
import dev.mainstay.service.log.Membership;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Notices that the files of a data directory were removed or replaced under the running cluster service: what it
/// wrote from then on would be lost, and it would look well.
///
/// **Threads:** one of its own, which ends with the process or with what it finds.
final class DirectoryWatch {
    /// Often enough that little is written in vain, seldom enough to cost nothing.
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final Path data;
    private final Map<Path, Object> places = new LinkedHashMap<>();
    private final Map<Path, byte[]> contents = new LinkedHashMap<>();
    private final Consumer<Throwable> onTrouble;

    private DirectoryWatch(Path data, Consumer<Throwable> onTrouble) {
        this.data = data;
        this.onTrouble = onTrouble;
    }

    /// @param onTrouble is told once
    static DirectoryWatch begin(Path data, Admitted admitted, Membership membership, Consumer<Throwable> onTrouble)
            throws IOException {
        var watch = new DirectoryWatch(data, onTrouble);
        for (var place :
                new Path[] {data, data.resolve("lock"), data.resolve("log"), membership.directoryIn(data.resolve("log"))
                }) {
            watch.places.put(place, Objects.requireNonNull(key(place), "gone already"));
        }
        watch.contents.putAll(admitted.identityFiles());
        Thread.ofPlatform().daemon().name("data-watch").start(watch::run);
        return watch;
    }

    private void run() {
        Optional<String> before = Optional.empty();
        try {
            while (true) {
                TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
                var now = changed();
                // Twice, since a file is replaced by a new one in more than one step.
                if (now.isPresent() && before.isPresent()) {
                    onTrouble.accept(new DirectoryRefused(
                            ErrorCode.DATA_TAKEN_AWAY,
                            ("go on with the data in '%s': %s while the cluster service ran. Put back what was there and start"
                                            + " it again; its monitors keep the resources for the hold time.")
                                    .formatted(data, now.get())));
                    return;
                }
                before = now;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// What is not as it was, if anything.
    Optional<String> changed() {
        try {
            for (var place : places.entrySet()) {
                var now = key(place.getKey());
                if (!place.getValue().equals(now)) {
                    return Optional.of("'%s' was %s".formatted(place.getKey(), now == null ? "removed" : "replaced"));
                }
            }
            for (var content : contents.entrySet()) {
                if (!Files.isRegularFile(content.getKey())) {
                    return Optional.of("'%s' was removed".formatted(content.getKey()));
                }
                if (!Arrays.equals(content.getValue(), Files.readAllBytes(content.getKey()))) {
                    return Optional.of("'%s' was replaced".formatted(content.getKey()));
                }
            }
            return removedWhileOpen().map("'%s' was removed"::formatted);
        } catch (IOException e) {
            // The disk does not answer: whoever writes the log finds out, and says so.
            return Optional.empty();
        }
    }

    private static @Nullable Object key(Path place) throws IOException {
        try {
            return Files.readAttributes(place, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException gone) {
            return null;
        }
    }

    /// The part of the log that is being written, when it has no name any more.
    private Optional<String> removedWhileOpen() throws IOException {
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (var descriptor : descriptors.toList()) {
                try {
                    var target = Files.readSymbolicLink(descriptor).toString();
                    if (target.startsWith(data.toString())
                            && target.contains("/log_inprogress_")
                            && target.endsWith(" (deleted)")) {
                        return Optional.of(target.substring(0, target.length() - " (deleted)".length()));
                    }
                } catch (NoSuchFileException _) {
                    // Closed meanwhile: no part of the log that is being written.
                }
            }
        }
        return Optional.empty();
    }
}
