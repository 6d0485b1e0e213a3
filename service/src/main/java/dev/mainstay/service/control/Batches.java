package dev.mainstay.service.control;

import dev.mainstay.core.decision.Command;
import dev.mainstay.core.decision.Decision;
import dev.mainstay.core.decision.Refusal;
import dev.mainstay.core.event.Cause;
import dev.mainstay.core.event.LogEntry;
import dev.mainstay.core.event.LogEntry.Decided;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.protocol.Limits;
import dev.mainstay.protocol.Texts;
import dev.mainstay.protocol.WireCodec;
import dev.mainstay.service.control.Controller.Submitted;
import dev.mainstay.service.log.ReplicatedLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
        // What was decided so far, before it is made smaller.
        int bytes;

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

    /// As many entries as it takes: each holds what one can.
    private void decideOpen(List<Submitted> open, Instant now, ReplicatedLog log) throws InterruptedException {
        var rest = open;
        while (!rest.isEmpty()) {
            int decided = decideSome(rest, now, log);
            rest = rest.subList(decided, rest.size());
        }
    }

    /// Decides the first of them as one entry; answers how many they were.
    private int decideSome(List<Submitted> open, Instant now, ReplicatedLog log) throws InterruptedException {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            if (attempt > 1) {
                // The entry that came first may hold one of these requests, decided by the leader before.
                open.removeIf(submitted -> answered(submitted));
            }
            var base = replication.state();
            var time = now.isAfter(base.time()) ? now : base.time();
            var draft = draft(open, base, time);
            try {
                if (draft.decided.isEmpty()
                        || write(new LogEntry(base.revision(), time, draft.decided, clock.wall()), log)) {
                    answer(draft, replication.state().revision());
                    return draft.verdicts.size();
                }
            } catch (ExecutionException e) {
                var failed = Unavailability.of(e.getCause());
                open.forEach(submitted -> submitted.answer().complete(failed));
                return open.size();
            }
        }
        var lost = Unavailability.noLeader("another node decided first %d times".formatted(ATTEMPTS));
        open.forEach(submitted -> submitted.answer().complete(lost));
        return open.size();
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
            if (answered(submitted)) {
                continue;
            }
            var same = first.putIfAbsent(RequestId.key(id), submitted);
            if (same == null) {
                open.add(submitted);
            } else if (same.request().id().equals(id)) {
                var _ = same.answer().thenAccept(submitted.answer()::complete);
            } else {
                submitted.answer().complete(RecentAnswers.otherContent());
            }
        }
        return open;
    }

    private boolean answered(Submitted submitted) {
        var request = submitted.request();
        var known = request.id().isEmpty() || request.dryRun() ? Optional.<Answer>empty() : answers.to(request.id());
        known.ifPresent(submitted.answer()::complete);
        return known.isPresent();
    }

    private Draft draft(List<Submitted> batch, ClusterState base, Instant time) {
        var draft = new Draft(base);
        for (var submitted : batch) {
            var request = submitted.request();
            if (draft.bytes >= Limits.ENTRY / 2) {
                // the others are decided by the next entry
                break;
            }
            switch (rules.decide(draft.state, request.command(), time)) {
                case Decision.Refused(var refusal) ->
                    draft.verdicts.add(new Verdict(submitted, _ -> new Answer.Refused(refusal)));
                case Decision.Accepted(var events) -> {
                    var decided = new Decided(
                            new Cause(kindOf(request.command()), request.actor(), request.id(), request.text()),
                            events);
                    int bytes = events.isEmpty() ? 0 : WireCodec.encode(Decided.class, decided).length;
                    var tooLarge = bytes < Limits.ENTRY / 2 ? Optional.<Refusal>empty() : tooLarge(base, time, decided);
                    if (tooLarge.isPresent()) {
                        draft.verdicts.add(new Verdict(submitted, _ -> new Answer.Refused(tooLarge.get())));
                        continue;
                    }
                    if (bytes >= Limits.ENTRY / 2 && !draft.decided.isEmpty() && !request.dryRun()) {
                        // it gets an entry of its own
                        return draft;
                    }
                    draft.bytes += request.dryRun() ? 0 : bytes;
                    draft.verdicts.add(new Verdict(submitted, revision -> new Answer.Done(revision, events)));
                    if (!events.isEmpty() && !request.dryRun()) {
                        draft.decided.add(decided);
                        for (var event : events) {
                            draft.state = rules.evolve(draft.state, event);
                        }
                    }
                }
            }
        }
        return draft;
    }

    /// Why what one command leads to cannot be written, if it cannot: the engine would refuse it each time, and a
    /// leader whose entry is refused leads no more.
    private static Optional<Refusal> tooLarge(ClusterState base, Instant time, Decided alone) {
        int bytes = bytes(new LogEntry(base.revision(), time, List.of(alone))).length;
        return bytes <= Limits.ENTRY
                ? Optional.empty()
                : Optional.of(new Refusal(
                        Refusal.Code.TOO_LARGE,
                        "%s: it leads to %d events of %d KiB together, an entry of the log holds %d KiB"
                                .formatted(
                                        Texts.cut(alone.cause().text(), Limits.LINE),
                                        alone.events().size(),
                                        bytes >> 10,
                                        Limits.ENTRY >> 10),
                        "Ask for it in several steps, such as a manifest in several files."));
    }

    private static byte[] bytes(LogEntry entry) {
        return Packing.pack(WireCodec.encode(LogEntry.class, entry));
    }

    /// Whether the entry counted; false when another came first.
    private boolean write(LogEntry entry, ReplicatedLog log) throws InterruptedException, ExecutionException {
        var bytes = bytes(entry);
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
