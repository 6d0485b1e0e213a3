package dev.mainstay.service.monitors;

import dev.mainstay.protocol.ToService.Hello.ProcessRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A monitor process and the key it shows when it connects again; kept in a file that only this user reads, so
/// that a cluster service started anew can let it in.
///
/// @param monitor the monitor's name
/// @param process who it is
/// @param key what it presents when it connects again
record Session(String monitor, ProcessRef process, String key) {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final String FILE = "session";
    private static final int SECRET_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    /// A text nobody can guess.
    static String secret() {
        var bytes = new byte[SECRET_BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /// The session kept in a monitor's directory; none when there is no file or it cannot be read as one.
    static Optional<Session> readFrom(Path directory) throws IOException {
        try {
            var words = Files.readString(directory.resolve(FILE)).strip().split(" ");
            var process = new ProcessRef(Long.parseLong(words[1]), Long.parseLong(words[2]), words[3]);
            return Optional.of(new Session(words[0], process, words[4]));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            LOG.warn(
                    "read the session file in {}: its content is not a session ({}). A new monitor is started.",
                    directory,
                    e.getMessage());
            return Optional.empty();
        }
    }

    /// Keeps this session in the monitor's directory, all or nothing.
    void writeTo(Path directory) throws IOException {
        var text = "%s %d %d %s %s%n".formatted(monitor, process.pid(), process.startTicks(), process.bootId(), key);
        var fresh = directory.resolve(FILE + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, text);
        Files.move(fresh, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /// Forgets the session of a monitor that ended.
    static void forget(String monitor, Path directory) {
        try {
            Files.deleteIfExists(directory.resolve(FILE));
        } catch (IOException e) {
            LOG.warn("remove the session file of monitor '{}': {}", monitor, e.toString());
        }
    }
}
