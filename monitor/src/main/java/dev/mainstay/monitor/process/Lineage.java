package dev.mainstay.monitor.process;

import dev.mainstay.linux.ProcessTable;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.IntStream;

/// Files by whose names every process of a tree has its input and output open, because descriptors are inherited:
/// they prove whose a process is also when that has wiped its environment, begun a session of its own and lost its
/// parents.
///
/// The input is an empty file and reads as `/dev/null` does. The output is the log by a second name; where there
/// can be none, on another file system, the input alone is left. A program gets no descriptor for this that it
/// would not have anyway. Used where there are no control groups.
///
/// @param path the file of one launch, or the folder with those of all launches of a resource
record Lineage(Path path) {
    private static final int INPUT = 0;
    private static final int OUTPUT = 1;
    private static final int ERRORS = 2;
    private static final String OUTPUT_SUFFIX = ".out";
    /// Whoever may open `/dev/null` may open it again by `/dev/stdin`; nothing is in it.
    private static final String INPUT_RIGHTS = "r--r--r--";

    private static final String FOLDER = "lineage";
    private static final String GONE = " (deleted)";

    /// The lineage of everything that a resource starts.
    static Lineage of(Path directory) {
        try {
            return new Lineage(directory.toRealPath().resolve(FOLDER));
        } catch (IOException notThere) {
            // then nothing was started yet
            return new Lineage(directory.toAbsolutePath().normalize().resolve(FOLDER));
        }
    }

    /// The lineage of one launch.
    Lineage launch(String name) {
        return new Lineage(path.resolve(name));
    }

    /// Makes the empty file, and the folder that holds it.
    void prepare() throws IOException {
        var folder = path.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.deleteIfExists(path);
        Files.createFile(path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(INPUT_RIGHTS));
    }

    /// The second name of the log.
    Path output() {
        return Path.of(path + OUTPUT_SUFFIX);
    }

    /// Whether a process descends from here, by what it has open.
    boolean holds(long pid) {
        return IntStream.of(INPUT, OUTPUT, ERRORS)
                .mapToObj(descriptor -> ProcessTable.openFile(pid, descriptor))
                .flatMap(Optional::stream)
                .map(text -> text.endsWith(GONE) ? text.substring(0, text.length() - GONE.length()) : text)
                .anyMatch(text -> text.equals(path.toString())
                        || text.equals(output().toString())
                        || text.startsWith(path + "/"));
    }

    /// Removes the file, or the folder with all files; who has it open is still recognised.
    void clear() throws ResourceFailure {
        try {
            if (Files.isDirectory(path)) {
                try (var files = Files.newDirectoryStream(path)) {
                    for (var file : files) {
                        Files.deleteIfExists(file);
                    }
                }
            }
            Files.deleteIfExists(path);
            Files.deleteIfExists(output());
        } catch (DirectoryNotEmptyException startedMeanwhile) {
            // a short command of a check runs just now; the next clean-up removes its file
            return;
        } catch (IOException e) {
            throw new ResourceFailure("removing '%s': %s. Check the disk".formatted(path, e), e);
        }
    }
}
