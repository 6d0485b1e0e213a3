package dev.mainstay.monitor.record;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/// Which resource of this node has which thing, so that no two use one.
///
/// A reservation is a file with the name of the resource. It counts as long as some monitor hosts that resource,
/// or a record of it is there, by which whatever still runs of it is adopted or ended: the death of a monitor
/// frees nothing that runs, and nothing stays reserved for a resource that is gone.
///
/// **Threads:** any; whoever reads or writes a reservation has claimed the thing for that moment.
final class Reservations {
    private static final String SUFFIX = ".reserved";

    /// Another monitor needs a moment for a look; one that takes longer is stopped or starved.
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofMillis(2);

    private final Path folder;
    private final String unfinished;
    private final Claims claims;
    private final Predicate<String> mayRun;

    /// @param unfinished the ending of files that this monitor is writing
    /// @param mayRun whether a resource has a record
    Reservations(Path folder, String unfinished, Claims claims, Predicate<String> mayRun) {
        this.folder = folder;
        this.unfinished = unfinished;
        this.claims = claims;
        this.mayRun = mayRun;
    }

    private interface Look<T> {
        T at(Path file) throws IOException;
    }

    /// @return empty, or the resource that has it
    Optional<String> reserve(String what, String resource) throws IOException {
        return alone(what, file -> {
            var holder = holder(file);
            if (holder.isPresent() && !holder.get().equals(resource) && counts(holder.get())) {
                return holder;
            }
            var part = file.resolveSibling(file.getFileName() + unfinished);
            Files.writeString(part, resource);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return Optional.empty();
        });
    }

    void giveBack(String what, String resource) throws IOException {
        alone(what, file -> holder(file).filter(resource::equals).isPresent() && Files.deleteIfExists(file));
    }

    private boolean counts(String holder) throws IOException {
        return claims.isTaken(holder) || mayRun.test(holder);
    }

    private static Optional<String> holder(Path file) throws IOException {
        try {
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    private synchronized <T> T alone(String what, Look<T> look) throws IOException {
        // no resource has such a name: the place of its claim is nobody else's
        var claim = "reservation\n" + what;
        var until = System.nanoTime() + LIMIT.toNanos();
        while (!claims.take(claim)) {
            if (System.nanoTime() - until >= 0) {
                throw new IOException("another monitor has been looking at the reservation of '%s' for %d ms"
                        .formatted(what, LIMIT.toMillis()));
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        try {
            return look.at(folder.resolve(name(what) + SUFFIX));
        } finally {
            claims.release(claim);
        }
    }

    /// A thing may have a longer name than a file.
    private static String name(String what) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(what.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
