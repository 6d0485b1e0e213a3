package dev.mainstay.monitor.process;

import dev.mainstay.linux.ProcessTable;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;

/// An empty file that every process of a tree has open, because descriptors are inherited: it proves whose a
/// process is also when that has wiped its environment, begun a session of its own and lost its parents.
///
/// The file is never read, so a program that writes to it harms nobody. Used where there are no control groups.
///
/// @param path the file of one launch, or the folder with those of all launches of a resource
record Lineage(Path path) {
    /// The highest descriptor that a POSIX shell can open; scripts take the low ones for themselves.
    static final int DESCRIPTOR = 9;

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

    /// Makes the folder that holds the file.
    void prepare() throws IOException {
        var folder = path.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
    }

    /// Whether a process descends from here, by what it has open.
    boolean holds(long pid) {
        return ProcessTable.openFile(pid, DESCRIPTOR)
                .map(text -> text.endsWith(GONE) ? text.substring(0, text.length() - GONE.length()) : text)
                .filter(text -> text.equals(path.toString()) || text.startsWith(path + "/"))
                .isPresent();
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
        } catch (DirectoryNotEmptyException startedMeanwhile) {
            // a short command of a check runs just now; the next clean-up removes its file
            return;
        } catch (IOException e) {
            throw new ResourceFailure("removing '%s': %s. Check the disk".formatted(path, e), e);
        }
    }
}
