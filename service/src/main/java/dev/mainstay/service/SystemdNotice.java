package dev.mainstay.service;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells systemd, when it started this process, how far it has come.
///
/// **Source:** sd_notify(3).
final class SystemdNotice {
    private static final Logger LOG = LoggerFactory.getLogger(SystemdNotice.class);
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private SystemdNotice() {}

    /// Sends one assignment, such as `READY=1`; does nothing when nobody listens.
    static void send(String assignment) {
        if (System.getenv("NOTIFY_SOCKET") == null) {
            return;
        }
        try {
            var told = new ProcessBuilder("systemd-notify", assignment)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!told.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                told.destroyForcibly();
            }
        } catch (IOException e) {
            LOG.debug("systemd-notify {}: {}", assignment, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
