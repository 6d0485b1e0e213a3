package dev.mainstay.types.lock;

import dev.mainstay.linux.FileLocks;
import dev.mainstay.linux.ProcessTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// Who holds the lock on a file, in words for the operator: what the kernel says, and what the holder wrote.
final class Holding {
    private static final int WRITTEN_MAX = 500;

    private Holding() {}

    static String words(Path path) {
        var here = holders(path);
        var kernel = here.isEmpty()
                ? "no process of this node holds it, so another node does, or did just now"
                : here.stream()
                        .map(pid -> "process %d (%s) of this node holds it".formatted(pid, ProcessTable.name(pid)))
                        .collect(Collectors.joining(", "));
        return "%s; '%s' says: %s".formatted(kernel, path, written(path));
    }

    private static List<Long> holders(Path path) {
        try {
            return FileLocks.holders(path);
        } catch (IOException hidden) {
            return List.of();
        }
    }

    private static String written(Path path) {
        try (var file = Files.newInputStream(path)) {
            var text = new String(file.readNBytes(WRITTEN_MAX), StandardCharsets.UTF_8).strip();
            return text.isEmpty() ? "(nothing)" : text.replace("\n", ", ");
        } catch (IOException e) {
            return "(it cannot be read: %s)".formatted(e.getMessage());
        }
    }
}
