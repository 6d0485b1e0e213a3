package dev.mainstay.types.filesystem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What a path of a block device, or of a file with a file system in it, stands for, however it is written.
final class Disk {
    private static final Path BLOCK = Path.of("/sys/block");
    private static final int BLOCK_DEVICE = 0x6000;
    private static final int REGULAR_FILE = 0x8000;
    private static final int KIND_OF_FILE = 0xf000;

    private Disk() {}

    /// The numbers by which the table of mounts knows it: its own and, for a file, those of its loop devices.
    static Set<String> numbers(Path path) throws IOException {
        var kind = (int) Files.getAttribute(path, "unix:mode") & KIND_OF_FILE;
        var all = new TreeSet<String>();
        var file = Optional.of(path.toRealPath());
        if (kind == BLOCK_DEVICE) {
            all.add(own(path));
            file = backing(BLOCK.resolve(path.toRealPath().getFileName()));
        }
        if (file.isPresent() && (kind == BLOCK_DEVICE || kind == REGULAR_FILE)) {
            var image = file.get();
            try (var devices = Files.newDirectoryStream(BLOCK, "loop*")) {
                for (var device : devices) {
                    if (backing(device).filter(other -> same(image, other)).isPresent()) {
                        all.add(Files.readString(device.resolve("dev")).strip());
                    }
                }
            } catch (NoSuchFileException noSys) {
                return all;
            }
        }
        return all;
    }

    /// A file may have several names; one that is gone is compared by the name it had.
    private static boolean same(Path file, Path other) {
        try {
            return Files.isSameFile(file, other);
        } catch (IOException gone) {
            return file.equals(other);
        }
    }

    private static String own(Path device) throws IOException {
        var number = (long) Files.getAttribute(device, "unix:rdev");
        return "%d:%d".formatted((number >> 8) & 0xfff, (number & 0xff) | ((number >> 12) & 0xfff00));
    }

    /// The file that a loop device shows.
    private static Optional<Path> backing(Path device) throws IOException {
        try {
            return Optional.of(Path.of(
                    Files.readString(device.resolve("loop/backing_file")).strip()));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }
}
