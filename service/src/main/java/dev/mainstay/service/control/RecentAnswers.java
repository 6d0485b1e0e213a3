package dev.mainstay.service.control;

import dev.mainstay.core.event.LogEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// The answers to the latest requests, so that repeating one does not do it twice.
///
/// Entries carry the ids of their requests, so every node knows these answers and a repetition is recognised
/// by the next leader too; snapshots carry them on. Answers without an entry are known only to the node that gave
/// them; repeating those is harmless.
///
/// **Threads:** any.
final class RecentAnswers {
    /// A request is repeated within seconds if at all; a cluster decides tens of commands a second.
    static final int LIMIT = 1_000;

    /// Events in all of these answers: an event takes some hundred bytes, and snapshots carry them. The latest
    /// answer is kept whatever it holds.
    static final int EVENTS_LIMIT = 5_000;

    /// The oldest first.
    private final LinkedHashMap<String, Answer> answers = new LinkedHashMap<>();

    private int events;

    /// An answer that is kept over restarts.
    record Kept(String request, Answer.Done answer) {}

    synchronized void applied(long revision, LogEntry entry) {
        for (var decided : entry.decisions()) {
            keep(decided.cause().request(), new Answer.Done(revision, decided.events()));
        }
    }

    /// Remembers an answer; an empty id stands for a request that nobody repeats.
    synchronized void keep(String request, Answer answer) {
        if (request.isEmpty()) {
            return;
        }
        var before = answers.put(request, answer);
        events += eventsIn(answer) - (before == null ? 0 : eventsIn(before));
        while (answers.size() > 1 && (answers.size() > LIMIT || events > EVENTS_LIMIT)) {
            events -= eventsIn(answers.pollFirstEntry().getValue());
        }
    }

    private static int eventsIn(Answer answer) {
        return answer instanceof Answer.Done done ? done.events().size() : 0;
    }

    synchronized Optional<Answer> to(String request) {
        return Optional.ofNullable(answers.get(request));
    }

    /// The answers that came from entries, oldest first.
    synchronized List<Kept> fromEntries() {
        var kept = new ArrayList<Kept>();
        answers.forEach((request, answer) -> {
            if (answer instanceof Answer.Done done && !done.events().isEmpty()) {
                kept.add(new Kept(request, done));
            }
        });
        return kept;
    }

    /// Takes over what a snapshot carried.
    synchronized void restore(List<Kept> kept) {
        kept.forEach(one -> keep(one.request(), one.answer()));
    }
}
