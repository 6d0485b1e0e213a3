package dev.mainstay.service.control;

import dev.mainstay.core.decision.Command;
import dev.mainstay.core.decision.Decision;
import dev.mainstay.core.event.Cause;
import dev.mainstay.core.event.LogEntry;
import dev.mainstay.core.event.LogEntry.Decided;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.protocol.WireCodec;
import dev.mainstay.service.control.Controller.Submitted;
import dev.mainstay.service.log.ReplicatedLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.LongFunction;

/// Decides several commands as one entry.
///
/// **Threads:** the controller's.
final class Batches {
    /// An entry is ignored when another leader's came first; more than one lost race in a row means leadership is
    /// unsettled.
    static final int ATTEMPTS = 5;

    private final Rules rules;
    private final RecentAnswers answers;
    private final Replication replication;
    private final ClusterClock clock;

    Batches(Rules rules, RecentAnswers answers, Replication replication, ClusterClock clock) {
        this.rules = rules;
        this.answers = answers;
        this.replication = replication;
        this.clock = clock;
    }

    /// What was decided about one request; the answer depends on the revision reached.
    private record Verdict(Submitted submitted, LongFunction<Answer> answer) {}

    /// One attempt at a batch.
    private static final class Draft {
        ClusterState state;
        final List<Decided> decided = new ArrayList<>();
        final List<Verdict> verdicts = new ArrayList<>();

        Draft(ClusterState state) {
            this.state = state;
        }
    }

    /// Decides all of them and answers each once what was decided is applied.
    void decide(List<Submitted> batch, Instant now, ReplicatedLog log) throws InterruptedException {
        var open = unanswered(batch);
        try {
            decideOpen(open, now, log);
        } finally {
            // Left only by a bug or by the end of this cluster service; no effect on those answered above.
            var ended = new Answer.Unknown("the cluster service that was deciding the command ended meanwhile");
            open.forEach(submitted -> submitted.answer().complete(ended));
        }
    }

    private void decideOpen(List<Submitted> open, Instant now, ReplicatedLog log) throws InterruptedException {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            var base = replication.state();
            var time = now.isAfter(base.time()) ? now : base.time();
            var draft = draft(open, base, time);
            try {
                if (draft.decided.isEmpty()
                        || write(new LogEntry(base.revision(), time, draft.decided, clock.wall()), log)) {
                    answer(draft, replication.state().revision());
                    return;
                }
            } catch (ExecutionException e) {
                var failed = Unavailability.of(e.getCause());
                open.forEach(submitted -> submitted.answer().complete(failed));
                return;
            }
        }
        var lost = Unavailability.noLeader("another node decided first %d times".formatted(ATTEMPTS));
        open.forEach(submitted -> submitted.answer().complete(lost));
    }

    /// Answers what was answered before, and lets a repetition within the batch share the first one's answer.
    private List<Submitted> unanswered(List<Submitted> batch) {
        var open = new ArrayList<Submitted>();
        Map<String, Submitted> first = new HashMap<>();
        for (var submitted : batch) {
            var id = submitted.request().id();
            if (id.isEmpty() || submitted.request().dryRun()) {
                open.add(submitted);
                continue;
            }
            var known = answers.to(id);
            var same = first.putIfAbsent(id, submitted);
            if (known.isPresent()) {
                submitted.answer().complete(known.get());
            } else if (same != null) {
                var _ = same.answer().thenAccept(submitted.answer()::complete);
            } else {
                open.add(submitted);
            }
        }
        return open;
    }

    private Draft draft(List<Submitted> batch, ClusterState base, Instant time) {
        var draft = new Draft(base);
        for (var submitted : batch) {
            var request = submitted.request();
            switch (rules.decide(draft.state, request.command(), time)) {
                case Decision.Refused(var refusal) ->
                    draft.verdicts.add(new Verdict(submitted, _ -> new Answer.Refused(refusal)));
                case Decision.Accepted(var events) -> {
                    draft.verdicts.add(new Verdict(submitted, revision -> new Answer.Done(revision, events)));
                    if (!events.isEmpty() && !request.dryRun()) {
                        var cause = new Cause(kindOf(request.command()), request.actor(), request.id(), request.text());
                        draft.decided.add(new Decided(cause, events));
                        for (var event : events) {
                            draft.state = rules.evolve(draft.state, event);
                        }
                    }
                }
            }
        }
        return draft;
    }

    /// Whether the entry counted; false when another came first.
    private boolean write(LogEntry entry, ReplicatedLog log) throws InterruptedException, ExecutionException {
        var bytes = WireCodec.encode(LogEntry.class, entry);
        var counted = replication.expect(bytes);
        // The applying thread wakes this one itself; the log's own confirmation comes later and adds nothing.
        var _ = log.propose(bytes).whenComplete((_, error) -> {
            if (error != null) {
                counted.completeExceptionally(
                        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error);
            }
        });
        return counted.get();
    }

    private void answer(Draft draft, long revision) {
        for (var verdict : draft.verdicts) {
            var answer = verdict.answer.apply(revision);
            var request = verdict.submitted.request();
            if (!request.dryRun()) {
                answers.keep(request.id(), answer);
            }
            verdict.submitted.answer().complete(answer);
        }
    }

    /// `MoveGroup` as `move-group`.
    static String kindOf(Command command) {
        return command.getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-")
                .toLowerCase(Locale.ROOT);
    }
}
