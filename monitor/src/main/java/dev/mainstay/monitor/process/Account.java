package dev.mainstay.monitor.process;

import dev.mainstay.linux.ProcessTable;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The user a process runs as.
///
/// @param prefix what stands before the command line so that it runs as that user; empty for the monitor's own
record Account(String name, String home, List<String> prefix) {
    /// Name services (LDAP, for example) answer within this or count as not answering.
    private static final int LOOKUP_SECONDS = 5;

    /// The account of that name; the monitor's own for an empty name.
    static Account of(String user, String resource) throws ResourceFailure {
        var own = System.getProperty("user.name");
        if (user.isEmpty() || user.equals(own)) {
            return new Account(own, ownHome(System.getenv("HOME")), List.of());
        }
        var fields = look(user);
        if (fields.isEmpty()) {
            throw new ResourceFailure(
                    "starting '%s' as user '%s': this node has no such user. Create it, or name another"
                            .formatted(resource, user));
        }
        if (ProcessTable.userId() != 0) {
            throw new ResourceFailure(
                    "starting '%s' as user '%s': the monitor runs as '%s', and just root may start processes as somebody else. Run Mainstay as root, or leave the user out"
                            .formatted(resource, user, own));
        }
        // setpriv and not runuser: a PAM session could move the process out of its control group
        return new Account(
                user,
                fields.get()[5],
                List.of(
                        "/usr/bin/setpriv",
                        "--reuid=" + fields.get()[2],
                        "--regid=" + fields.get()[3],
                        "--init-groups",
                        "--"));
    }

    /// HOME where it is set, as other programs see it; else what the list of accounts says.
    static String ownHome(@Nullable String home) {
        return home == null || home.isEmpty() ? System.getProperty("user.home") : home;
    }

    private static Optional<String[]> look(String user) throws ResourceFailure {
        try {
            var local = entry(Files.readString(Path.of("/etc/passwd")), user);
            return local.isPresent() ? local : entry(getent(user), user);
        } catch (IOException e) {
            throw new ResourceFailure(
                    "looking up user '%s': %s. Check /etc/passwd and the name service".formatted(user, e.getMessage()),
                    e);
        }
    }

    private static Optional<String[]> entry(String lines, String user) {
        return lines.lines()
                .map(line -> line.split(":", -1))
                .filter(fields -> fields.length >= 7 && fields[0].equals(user))
                .findFirst();
    }

    private static String getent(String user) throws IOException {
        var process = new ProcessBuilder("getent", "passwd", "--", user)
                .redirectErrorStream(true)
                .start();
        try {
            if (!process.waitFor(LOOKUP_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the name service did not answer within " + LOOKUP_SECONDS + " s");
            }
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
