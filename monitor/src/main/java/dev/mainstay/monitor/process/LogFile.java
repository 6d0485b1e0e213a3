package dev.mainstay.monitor.process;

import dev.mainstay.linux.OpenFile;
import dev.mainstay.linux.OpenFolder;
import dev.mainstay.linux.ProcessTable;
import dev.mainstay.linux.UserAccount;
import dev.mainstay.spi.Processes.LogLimits;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// A file that processes append their output to by themselves, so that it needs no monitor to go on.
///
/// Rotation copies and truncates, because a process cannot be told to open another file. What is written between
/// the last byte copied and the truncation is lost; that is microseconds, and the price of needing no reader.
///
/// Everything is done with the rights of the user whose program writes it, and no symbolic link is followed that
/// somebody else could have put there: what such a one names stays as it is.
///
/// @param rights the user whose program writes it; empty where only the monitor's own user can come
record LogFile(Path path, LogLimits limits, Optional<UserAccount> rights) {
    private static final int MODE = 0600;
    /// How long a named pipe may be without a reader. No longer, so that terminate need not wait for a start.
    private static final Duration READER_LIMIT = Duration.ofSeconds(5);

    private static final Duration READER_PAUSE = Duration.ofMillis(50);
    /// The tail is for people: they get the news without it rather than late.
    private static final Duration TAIL_LIMIT = Duration.ofSeconds(1);

    LogFile {
        path = path.toAbsolutePath().normalize();
    }

    /// A log of our own user.
    LogFile(Path path, LogLimits limits) {
        this(path, limits, Optional.empty());
    }

    /// An opened log.
    ///
    /// @param from how long it was before
    record Opened(OpenFile file, long from) {}

    /// Opens it for a program, rotated when it is full.
    ///
    /// @param link the same file by another name, by which the program is known later; where no such name can be
    ///     made it is known otherwise
    /// **Time:** [#READER_LIMIT] for a named pipe that nobody reads, [FileWork#LIMIT] for a silent file server.
    Opened open(String resource, Optional<Path> link) throws ResourceFailure {
        if (path.toString().contains("\n")) {
            throw new ResourceFailure("starting '%s': the log's name '%s' has a line break in it. Name another"
                    .formatted(resource, path));
        }
        var until = System.nanoTime() + READER_LIMIT.toNanos();
        try {
            while (true) {
                var opened = work(FileWork.LIMIT, () -> tryOpen(link));
                if (opened.isPresent()) {
                    return opened.get();
                }
                if (System.nanoTime() - until >= 0 || Thread.currentThread().isInterrupted()) {
                    throw new ResourceFailure(
                            "starting '%s': its log '%s' is a named pipe that nobody has read for %d s. Start its reader first, or name a file"
                                    .formatted(resource, path, READER_LIMIT.toSeconds()));
                }
                LockSupport.parkNanos(READER_PAUSE.toNanos());
            }
        } catch (IOException e) {
            throw new ResourceFailure(
                    "starting '%s': its log '%s' cannot be written%s: %s. Make file and folder writable for that user, or name another log"
                            .formatted(
                                    resource,
                                    path,
                                    rights.map(user -> " with the rights of '" + user.name() + "'")
                                            .orElse(""),
                                    words(e)),
                    e);
        }
    }

    private static String words(IOException e) {
        return e instanceof NoSuchFileException
                ? "there is no folder '" + e.getMessage() + "'"
                : String.valueOf(e.getMessage());
    }

    private Optional<Opened> tryOpen(Optional<Path> link) throws IOException {
        try (var folder = folder(true)) {
            rotateWhenFull(folder.path());
            var file = OpenFile.appending(folder, name(), MODE);
            if (file.isEmpty() || link.isEmpty() || !file.get().kind().isFile()) {
                return file.map(one -> new Opened(one, size(folder.path())));
            }
            return Optional.of(new Opened(linked(folder, file.get(), link.get()), size(folder.path())));
        }
    }

    /// The same file opened by the other name, which `/proc` shows.
    private OpenFile linked(OpenFolder folder, OpenFile file, Path link) {
        try (var place = OpenFolder.open(link.resolveSibling(""), ProcessTable.userId())) {
            Files.createLink(link, folder.path().resolve(name()));
            var other = OpenFile.appending(place, link.getFileName().toString(), MODE);
            if (other.isPresent() && other.get().kind().equals(file.kind())) {
                file.close();
                return other.get();
            }
            other.ifPresent(OpenFile::close);
            return file;
        } catch (IOException | UnsupportedOperationException noSecondName) {
            return file;
        }
    }

    /// How many bytes there are now; 0 when there is no file yet.
    private long size(Path folder) {
        try {
            var file = folder.resolve(name());
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : 0;
        } catch (IOException noneYet) {
            return 0;
        }
    }

    /// The last bytes written since `from`, at most `most`; the file may have been begun anew since.
    String tail(long from, int most) {
        try {
            return work(TAIL_LIMIT, () -> {
                try (var folder = folder(false)) {
                    return readTail(folder.path().resolve(name()), from, most);
                }
            });
        } catch (NoSuchFileException nothingWritten) {
            return "";
        } catch (IOException e) {
            return "(its log '%s' cannot be read: %s)".formatted(path, e.getMessage());
        }
    }

    private static String readTail(Path file, long from, int most) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return "";
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            var size = channel.size();
            var start = Math.max(from > size ? 0 : from, size - most);
            var bytes = ByteBuffer.allocate((int) (size - start));
            while (bytes.hasRemaining() && channel.read(bytes, start + bytes.position()) >= 0) {
                // read on: a file may come in pieces
            }
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        }
    }

    /// What a look at it found.
    ///
    /// @param size its length; -1 when there is none
    /// @param inode which file it is; -1 when there is none
    record Look(long size, long inode) {}

    /// Rotates it when it is full, and tells how it stands.
    ///
    /// **Time:** as long as the disk takes; call it where nobody waits.
    Look look() throws IOException {
        try (var folder = folder(false)) {
            rotateWhenFull(folder.path());
            var file = folder.path().resolve(name());
            if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
                return new Look(-1, -1);
            }
            var inode = (long) Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS);
            return new Look(size(folder.path()), inode);
        } catch (NoSuchFileException gone) {
            return new Look(-1, -1);
        }
    }

    /// Which file a process has open as its output; -1 when that cannot be told.
    static long writtenBy(long pid) {
        try {
            var output = Path.of("/proc", Long.toString(pid), "fd", "1");
            return FileWork.of("looking at '" + output + "'", Optional.empty(), TAIL_LIMIT, () ->
                    (long) Files.getAttribute(output, "unix:ino"));
        } catch (IOException unknown) {
            return -1;
        }
    }

    private void rotateWhenFull(Path folder) throws IOException {
        if (size(folder) < limits.bytes()) {
            return;
        }
        var fresh = older(folder, "new");
        var options = new java.util.HashSet<java.nio.file.OpenOption>(
                java.util.Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
        try (var from = FileChannel.open(folder.resolve(name()), options)) {
            if (limits.files() > 1) {
                copy(from, fresh);
            }
            from.truncate(0);
        }
        if (limits.files() > 1) {
            for (var number = limits.files() - 1; number > 1; number--) {
                moveIfThere(older(folder, Integer.toString(number - 1)), older(folder, Integer.toString(number)));
            }
            moveIfThere(fresh, older(folder, "1"));
        }
    }

    /// Copies the newest part that fits one file, until nothing more has come meanwhile.
    private void copy(FileChannel from, Path target) throws IOException {
        Files.deleteIfExists(target);
        var options = java.util.Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        var mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var to = FileChannel.open(target, options, mine)) {
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
        if (Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /// @param make whether it is made when it is missing
    private OpenFolder folder(boolean make) throws IOException {
        var parent = path.getParent();
        if (parent == null) {
            throw new IOException("it is the root folder");
        }
        var follower = rights.map(UserAccount::userId).orElseGet(ProcessTable::userId);
        try {
            return OpenFolder.open(parent, follower);
        } catch (NoSuchFileException missing) {
            if (!make) {
                throw missing;
            }
            Files.createDirectories(parent);
            return OpenFolder.open(parent, follower);
        }
    }

    private <T> T work(Duration limit, java.util.concurrent.Callable<T> work) throws IOException {
        return FileWork.of("using '" + path + "'", rights, limit, work);
    }

    private String name() {
        return path.getFileName().toString();
    }

    private Path older(Path folder, String suffix) {
        return folder.resolve(name() + "." + suffix);
    }
}
