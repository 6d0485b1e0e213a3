package dev.mainstay.service;

import dev.mainstay.linux.NotifySocket;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells systemd, when it started this process, how far it has come, and that it goes on.
///
/// By datagram and not by a program: it must work when no process can be started any more, and say nothing of a
/// process that hangs.
///
/// **Source:** sd_notify(3), sd_watchdog_enabled(3).
final class SystemdNotice {
    private static final Logger LOG = LoggerFactory.getLogger(SystemdNotice.class);
    private static final int PER_LIMIT = 3;

    private SystemdNotice() {}

    /// Sends one assignment, such as `READY=1`; does nothing when nobody listens.
    static void send(String assignment) {
        var address = System.getenv("NOTIFY_SOCKET");
        if (address == null) {
            return;
        }
        try {
            NotifySocket.send(address, assignment);
        } catch (IOException e) {
            LOG.warn("tell systemd '{}' on '{}': {}", assignment, address, e.toString());
        }
    }

    /// From now on tells systemd's watchdog three times within its limit that this process goes on, as long as it
    /// does; does nothing when there is no watchdog.
    static void watch(BooleanSupplier alive) {
        limit(
                        System.getenv("WATCHDOG_USEC"),
                        System.getenv("WATCHDOG_PID"),
                        ProcessHandle.current().pid())
                .ifPresent(limit -> Thread.ofPlatform()
                        .daemon()
                        .name("watchdog")
                        .start(() -> {
                            boolean told = true;
                            try {
                                while (true) {
                                    boolean goesOn = alive.getAsBoolean();
                                    if (goesOn) {
                                        send("WATCHDOG=1");
                                    } else if (told) {
                                        LOG.error("the controller or the control of resources does not go on: the"
                                                + " watchdog is told nothing any more");
                                    }
                                    told = goesOn;
                                    Thread.sleep(limit.dividedBy(PER_LIMIT));
                                }
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        }));
    }

    /// Within which time systemd wants to hear of this process, if it does.
    static Optional<Duration> limit(
            @org.jspecify.annotations.Nullable String micros,
            @org.jspecify.annotations.Nullable String pid,
            long self) {
        if (micros == null
                || !micros.matches("[1-9][0-9]{0,17}")
                || (pid != null && !pid.equals(Long.toString(self)))) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofNanos(Math.multiplyExact(Long.parseLong(micros), 1_000L)));
    }
}
