package dev.mainstay.cli;

import dev.mainstay.api.ActionView;
import dev.mainstay.api.Client;
import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ErrorCode;
import dev.mainstay.api.JsonText;
import dev.mainstay.api.StopView;
import dev.mainstay.protocol.PlainText;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Ends a cluster service and waits until it no longer answers and its process is gone: only then does systemd
/// know it, too, and a `systemctl start` right after this command starts a new one.
final class ServiceStop {
    /// Between two looks: a stop that keeps the resources takes some tenths of a second.
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(50);

    private static final Duration LOOK_LIMIT = Duration.ofSeconds(2);

    /// Two processes that ask the kernel when a third one was started may get answers that differ by a second: the
    /// time of the start of the machine, which they add, is rounded.
    private static final Duration ROUNDED = Duration.ofSeconds(1);

    private ServiceStop() {}

    static int run(Invocation call) {
        boolean json = call.json();
        var client = call.client();
        var limit = call.terms().waitLimit();
        var begun = client.stopNode(call.has("keep"));
        var process = processOf(begun);
        boolean ended = awaitEnd(client, process, limit);
        var message = begun.message() + ". " + (ended ? "It has ended." : notEnded(begun, answers(client), limit));
        var answer = new ActionView(ended ? "done" : "pending", message, begun.revision());
        call.terminal().line(json ? PlainText.json(JsonText.of(answer)) : PlainText.oneLine(answer.message()));
        return ended || limit.isZero() ? 0 : ErrorCode.TIMED_OUT.category().exitCode();
    }

    /// The process that ends, as long as it is in the process table; empty when it is not, or when that pid means
    /// another process here, as outside of a container.
    private static Optional<ProcessHandle> processOf(StopView begun) {
        try {
            var started = Instant.parse(begun.started());
            return ProcessHandle.of(begun.pid())
                    .filter(process -> process.info()
                            .startInstant()
                            .filter(here ->
                                    Duration.between(here, started).abs().compareTo(ROUNDED) <= 0)
                            .isPresent());
        } catch (DateTimeParseException notKnown) {
            return Optional.empty();
        }
    }

    private static boolean awaitEnd(Client client, Optional<ProcessHandle> process, Duration limit) {
        long begun = System.nanoTime();
        try {
            while (answers(client) || process.filter(ProcessHandle::isAlive).isPresent()) {
                if (System.nanoTime() - begun >= limit.toNanos()) {
                    return false;
                }
                TimeUnit.NANOSECONDS.sleep(LOOK_INTERVAL.toNanos());
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String notEnded(StopView begun, boolean answers, Duration limit) {
        return !answers
                ? "Its process (pid %d) is still there after %d s.".formatted(begun.pid(), limit.toSeconds())
                : "It still answers after %d s; see how far it is with:  mainstay status".formatted(limit.toSeconds());
    }

    /// What it says does not matter: only that nobody listens any more.
    private static boolean answers(Client client) {
        try {
            client.status(LOOK_LIMIT);
            return true;
        } catch (ClusterException e) {
            return e.code() != ErrorCode.SERVICE_NOT_RUNNING;
        }
    }
}
