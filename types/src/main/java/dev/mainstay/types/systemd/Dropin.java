package dev.mainstay.types.systemd;

import dev.mainstay.linux.SharedFolder;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/// A drop-in that takes a unit out of everybody's hands but the cluster's.
///
/// It makes systemd refuse any start unless a file is there, which is there just while the cluster starts it.
/// So a start by hand, by a socket, a timer or a dependency fails, and its message names the file. It also keeps
/// systemd from restarting the unit by itself, and lets the cluster stop before it when the machine goes down.
record Dropin(Path file, Path permit, boolean service) {
    private static final String FILE = "50-mainstay.conf";
    private static final String PERMIT = "only-mainstay-starts-this-unit";

    /// @param units where systemd looks for what is gone after a reboot
    static Dropin of(Path units, String unit) {
        var folder = units.resolve(unit + ".d");
        return new Dropin(folder.resolve(FILE), folder.resolve(PERMIT), unit.endsWith(".service"));
    }

    private String text() {
        return """
                # A resource of Mainstay: only the cluster starts this unit. See: mainstay resource list
                [Unit]
                AssertPathExists=%s
                Before=mainstay.service
                """.formatted(permit.toString().replace("%", "%%")) + (service ? "[Service]\nRestart=no\n" : "");
    }

    /// Puts it there and answers whether it was not there before, word for word.
    boolean write() throws ResourceFailure {
        try {
            if (Files.exists(file) && Files.readString(file).equals(text())) {
                return false;
            }
            SharedFolder.make(file.resolveSibling(""));
            var draft = Files.writeString(file.resolveSibling(FILE + ".new"), text());
            // as those of every other package: whoever looks at the unit may read why it does not start
            Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-r--r--"));
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return true;
        } catch (IOException e) {
            throw new ResourceFailure(
                    "keeping others from starting the unit: '%s' cannot be written (%s). Run the monitor as root, or set dropInDirectory"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    void remove() throws IOException {
        forbidStart();
        Files.deleteIfExists(file);
        try {
            Files.deleteIfExists(file.getParent());
        } catch (DirectoryNotEmptyException others) {
            // somebody else has drop-ins for this unit too
            return;
        }
    }

    void permitStart() throws ResourceFailure {
        try {
            Files.writeString(permit, "");
        } catch (IOException e) {
            throw new ResourceFailure(
                    "permitting the start: '%s' cannot be written (%s). Check the folder's rights"
                            .formatted(permit, e.getMessage()),
                    e);
        }
    }

    void forbidStart() throws IOException {
        Files.deleteIfExists(permit);
    }
}
