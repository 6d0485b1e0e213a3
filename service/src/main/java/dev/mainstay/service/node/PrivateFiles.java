package dev.mainstay.service.node;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes what is in a data directory this user's alone, whatever mode it was made with: who may open a lock file
/// can lock it, and who may read outputs reads what programs say.
///
/// What this process makes anew is so from the start, by its mode mask.
final class PrivateFiles extends SimpleFileVisitor<Path> {
    private static final Logger LOG = LoggerFactory.getLogger(PrivateFiles.class);
    private static final Set<PosixFilePermission> OWNERS = PosixFilePermissions.fromString("rwx------");
    /// Files of the node and of its monitors; those of resources come below, which are many.
    private static final int USUAL_DEPTH = 3;

    private static final String RESOURCES = "resources";

    private final Path directory;
    private final boolean all;
    private int changed;
    private Path example;

    private PrivateFiles(Path directory, boolean all) {
        this.directory = directory;
        this.all = all;
        this.example = directory;
    }

    /// Tightens what is too open and belongs to the directory's owner, and says so once. The files of resources
    /// are looked at just as long as others could reach them.
    static void tighten(Path directory) throws IOException {
        var open = !OWNERS.containsAll(Files.getPosixFilePermissions(directory));
        var visitor = new PrivateFiles(directory, open);
        Files.walkFileTree(
                directory, EnumSet.noneOf(FileVisitOption.class), open ? Integer.MAX_VALUE : USUAL_DEPTH, visitor);
        if (visitor.changed > 0) {
            LOG.warn(
                    "data directory '{}': {} of its files and folders could be used by others, such as '{}'; now they belong to their owner alone",
                    directory,
                    visitor.changed,
                    visitor.example);
        }
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
        if (!all && folder.equals(directory.resolve(RESOURCES))) {
            close(folder);
            return FileVisitResult.SKIP_SUBTREE;
        }
        close(folder);
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        if (attributes.isRegularFile() || attributes.isDirectory()) {
            close(file);
        }
        return FileVisitResult.CONTINUE;
    }

    /// Something of a resource may vanish at any time, or be unreadable because it hangs.
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException trouble) throws IOException {
        if (file.equals(directory)) {
            throw trouble;
        }
        if (!(trouble instanceof NoSuchFileException)) {
            LOG.warn("look at '{}' for its mode: {}", file, trouble.toString());
        }
        return FileVisitResult.CONTINUE;
    }

    private void close(Path path) throws IOException {
        try {
            var view = Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
            PosixFileAttributes now = view.readAttributes();
            var owner = Files.getOwner(directory);
            var kept = EnumSet.noneOf(PosixFilePermission.class);
            kept.addAll(now.permissions());
            kept.retainAll(OWNERS);
            if (now.owner().equals(owner) && !kept.equals(now.permissions()) && !inputOfPrograms(now)) {
                Files.setPosixFilePermissions(path, kept);
                changed++;
                example = path;
            }
        } catch (NoSuchFileException gone) {
            // it is nobody's any more
            LOG.debug("'{}' is gone", gone.getFile());
        }
    }

    /// Empty and read-only for all: what programs have as their input on nodes without control groups.
    private static boolean inputOfPrograms(PosixFileAttributes file) {
        return file.isRegularFile()
                && file.size() == 0
                && file.permissions().equals(PosixFilePermissions.fromString("r--r--r--"));
    }
}
