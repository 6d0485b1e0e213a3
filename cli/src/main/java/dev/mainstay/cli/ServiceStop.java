package dev.mainstay.cli;

import dev.mainstay.api.ActionView;
import dev.mainstay.api.Client;
import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ErrorCode;
import dev.mainstay.api.JsonText;
import dev.mainstay.protocol.PlainText;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Ends a cluster service and waits until it no longer answers.
final class ServiceStop {
    /// Between two looks: a stop that keeps the resources takes some tenths of a second.
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(50);

    private static final Duration LOOK_LIMIT = Duration.ofSeconds(2);

    private ServiceStop() {}

    static int run(Invocation call) {
        boolean json = call.json();
        var client = call.client();
        var limit = call.terms().waitLimit();
        var begun = client.stopNode(call.has("keep"));
        boolean ended = awaitEnd(client, limit);
        var message = ended
                ? begun.message() + ". It has ended."
                : begun.message() + ". It still answers after " + limit.toSeconds()
                        + " s; see how far it is with:  mainstay status";
        var answer = new ActionView(ended ? "done" : "pending", message, begun.revision());
        call.terminal().line(json ? PlainText.json(JsonText.of(answer)) : PlainText.oneLine(answer.message()));
        return ended || limit.isZero() ? 0 : ErrorCode.TIMED_OUT.category().exitCode();
    }

    private static boolean awaitEnd(Client client, Duration limit) {
        long begun = System.nanoTime();
        try {
            while (answers(client)) {
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
