package dev.mainstay.monitor.process;

import dev.mainstay.linux.ProcessTable;
import dev.mainstay.linux.UserAccount;
import dev.mainstay.spi.LastingFailure;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The user a process runs as.
///
/// @param user whom it becomes; empty for the monitor's own
record Account(String name, String home, Optional<UserAccount> user) {
    /// Name services (LDAP, for example) answer within this or count as not answering.
    private static final Duration LOOKUP_LIMIT = Duration.ofSeconds(5);

    /// The account of that name; the monitor's own for an empty name.
    static Account of(String user, String resource) throws ResourceFailure {
        var own = System.getProperty("user.name");
        if (user.isEmpty() || user.equals(own)) {
            return new Account(own, ownHome(System.getenv("HOME")), Optional.empty());
        }
        var found = look(user);
        if (found.isEmpty()) {
            throw LastingFailure.here(
                    "starting '%s' as user '%s': this node has no such user. Create it, or name another"
                            .formatted(resource, user));
        }
        if (ProcessTable.userId() != 0) {
            throw LastingFailure.here(
                    "starting '%s' as user '%s': the monitor runs as '%s', and just root may start processes as somebody else. Run Mainstay as root, or leave the user out"
                            .formatted(resource, user, own));
        }
        return new Account(user, found.get().home(), found);
    }

    /// HOME where it is set, as other programs see it; else what the list of accounts says.
    static String ownHome(@Nullable String home) {
        return home == null || home.isEmpty() ? System.getProperty("user.home") : home;
    }

    private static Optional<UserAccount> look(String user) throws ResourceFailure {
        try {
            return FileWork.of(
                    "asking the name service", Optional.empty(), LOOKUP_LIMIT, () -> UserAccount.named(user));
        } catch (IOException e) {
            throw new ResourceFailure(
                    "looking up user '%s': %s. Check /etc/passwd and the name service".formatted(user, e.getMessage()),
                    e);
        }
    }
}
