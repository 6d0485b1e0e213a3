package dev.mainstay.service.log;

import dev.mainstay.api.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/// Keeps the log of one cluster from being taken for another's.
final class LogOwner {
    /// Holds the name of the cluster, for the message; the directory named after its group is what counts.
    static final String FILE = "cluster";

    private LogOwner() {}

    /// Notes whose log a directory holds, or refuses it.
    ///
    /// **Errors:** `IOException` when it holds the log of a cluster of another name.
    static void claim(Path directory, Membership membership) throws IOException {
        check(directory, membership);
        Files.writeString(directory.resolve(FILE), membership.cluster() + "\n");
    }

    /// Refuses the directory of another cluster's log, and changes nothing.
    static void check(Path directory, Membership membership) throws IOException {
        try (var entries = Files.list(directory)) {
            var other = entries.filter(LogOwner::isGroup)
                    .filter(entry -> !entry.endsWith(membership.group().toString()))
                    .findFirst();
            if (other.isPresent() && membership.cluster().equals(name(directory).orElse(""))) {
                throw new DirectoryRefused(
                        ErrorCode.KEY_DOES_NOT_FIT,
                        ("open the log in '%s' with the key of this node: another key sealed it. Copy back the key that was in"
                                        + " use before, from a backup or from another member, and start again.")
                                .formatted(other.get()));
            }
            if (other.isPresent()) {
                throw new DirectoryRefused(
                        ErrorCode.FOREIGN_DATA,
                        "open the log in '%s' for cluster '%s': it is the log of %s. Start the node with the name its"
                                        .formatted(directory, membership.cluster(), known(directory))
                                + " cluster had, or with an empty data directory.");
            }
        }
    }

    private static String known(Path directory) {
        return name(directory).map("cluster '%s'"::formatted).orElse("another cluster");
    }

    private static Optional<String> name(Path directory) {
        try {
            return Optional.of(new String(Files.readAllBytes(directory.resolve(FILE)), StandardCharsets.UTF_8).strip());
        } catch (IOException missing) {
            return Optional.empty();
        }
    }

    private static boolean isGroup(Path entry) {
        try {
            var name = entry.getFileName().toString();
            return Files.isDirectory(entry) && UUID.fromString(name).toString().equals(name);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
