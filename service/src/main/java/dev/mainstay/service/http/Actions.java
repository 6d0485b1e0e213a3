package dev.mainstay.service.http;

import dev.mainstay.api.ActionView;
import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ErrorCode;
import dev.mainstay.core.decision.Command;
import dev.mainstay.core.decision.Refusal;
import dev.mainstay.core.event.Event;
import dev.mainstay.service.control.Answer;
import dev.mainstay.service.control.Cluster;
import dev.mainstay.service.control.Request;
import dev.mainstay.service.http.Goal.Outcome;
import dev.mainstay.service.manifest.Quantity;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/// Has commands decided and waits for what they lead to.
final class Actions {
    /// A decision needs milliseconds; this covers an election in between.
    private static final Duration DECISION_LIMIT = Duration.ofSeconds(30);

    private final Cluster cluster;
    private final MonitorDesk monitors;
    private final Changes changes;

    Actions(Cluster cluster, MonitorDesk monitors, Changes changes) {
        this.cluster = cluster;
        this.monitors = monitors;
        this.changes = changes;
    }

    /// Who asks, and how.
    ///
    /// @param patience how long to wait for the goal; zero for not at all
    /// @param identity names the commands that follow from the request
    /// @param gone whether nobody waits any more
    record Manner(String user, Duration patience, boolean dryRun, Call.Identity identity, BooleanSupplier gone) {
        /// The same for a command that prepares what is asked.
        Manner before(Duration other) {
            var prepares = new Call.Identity(identity.kernelUser(), identity.key(), identity.content(), 0);
            return new Manner(user, other, dryRun, prepares, gone);
        }
    }

    /// Has a command decided and waits for its goal.
    ActionView act(Command command, String text, Goal wanted, Manner manner) throws InterruptedException {
        var goal = wanted.heardBy(monitors);
        var done = decide(command, text, manner);
        if (manner.dryRun()) {
            return new ActionView(
                    Outcome.DONE.name().toLowerCase(Locale.ROOT),
                    planned(done.events()) + Downs.of(cluster.state(), command),
                    done.revision());
        }
        changes.await(
                () -> cluster.state().revision() >= done.revision()
                        && goal.of(cluster.state()).outcome() != Outcome.PENDING,
                manner.patience(),
                manner.gone());
        var progress = goal.of(cluster.state());
        var behind = cluster.state().revision() < done.revision();
        var outcome = behind ? Outcome.PENDING : progress.outcome();
        var late = outcome == Outcome.PENDING && !manner.patience().isZero();
        var message = late
                ? "%s: not reached within %s: %s".formatted(text, Quantity.text(manner.patience()), progress.message())
                : progress.message();
        return new ActionView(outcome.name().toLowerCase(Locale.ROOT), message, done.revision());
    }

    /// Has a command decided; completes once this node has applied it too, or after `DECISION_LIMIT`.
    ///
    /// **Errors:** every refusal and every obstacle as its code.
    Answer.Done decide(Command command, String text, Manner manner) throws InterruptedException {
        var id = manner.identity().request();
        var request = new Request(id, "user " + manner.user(), text, command, manner.dryRun());
        try {
            return switch (cluster.submit(request).get(DECISION_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                case Answer.Done done -> done;
                case Answer.Refused refused -> throw refusal(refused.refusal());
                case Answer.Unavailable obstacle ->
                    throw new ClusterException(code(obstacle.cause()), obstacle.message(), obstacle.advice());
                case Answer.Unknown unknown -> throw unknown(unknown.message());
            };
        } catch (TimeoutException late) {
            throw unknown("%s: not decided within %d s".formatted(text, DECISION_LIMIT.toSeconds()));
        } catch (ExecutionException bug) {
            throw new IllegalStateException("a request ended with an error instead of an answer", bug);
        }
    }

    /// Waits until this node has applied a revision that the leader has.
    void awaitRevision(long revision) throws InterruptedException {
        if (!changes.await(() -> cluster.state().revision() >= revision, DECISION_LIMIT)) {
            throw unknown("revision %d has not reached this node within %d s"
                    .formatted(revision, DECISION_LIMIT.toSeconds()));
        }
    }

    static ClusterException refusal(Refusal refusal) {
        return new ClusterException(ErrorCode.valueOf(refusal.code().name()), refusal.message(), refusal.advice());
    }

    private static ErrorCode code(Answer.Unavailable.Cause cause) {
        return switch (cause) {
            case NO_LEADER -> ErrorCode.NO_LEADER;
            case BUSY -> ErrorCode.BUSY;
            case STORAGE -> ErrorCode.STORAGE_FULL;
        };
    }

    private static ClusterException unknown(String message) {
        return new ClusterException(
                ErrorCode.OUTCOME_UNKNOWN,
                message,
                "Look with 'mainstay status' whether it happened, then repeat if it did not.");
    }

    private static String planned(List<Event> events) {
        return events.isEmpty()
                ? "it would change nothing"
                : events.stream()
                        .map(event -> event.reason().text())
                        .distinct()
                        .collect(Collectors.joining("; ", "it would be accepted: ", ""));
    }
}
