package dev.mainstay.service.control;

import dev.mainstay.core.decision.Refusal;
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
/// Clients have a window of their own: however much nodes report, as many of their requests are remembered as is
/// promised.
///
/// **Threads:** any.
public final class RecentAnswers {
    /// How many requests of clients are remembered, and how many of nodes: theirs are repeated within seconds
    /// if at all.
    public static final int LIMIT = 1_000;

    /// Events in all answers to nodes: an event takes some hundred bytes, and snapshots carry them. The latest
    /// answer is kept whatever it holds. Of an answer to a client one event is kept: it says that there were any.
    static final int EVENTS_LIMIT = 5_000;

    private final Window clients = new Window();
    private final Window nodes = new Window();

    /// An answer that is kept over restarts.
    record Kept(String request, Answer.Done answer) {}

    /// Answers by the key of their request, the oldest first.
    private static final class Window {
        private final LinkedHashMap<String, Known> answers = new LinkedHashMap<>();
        private int events;

        private record Known(String request, Answer answer) {}

        void keep(String request, Answer answer) {
            var before = answers.put(RequestId.key(request), new Known(request, answer));
            events += eventsIn(answer) - (before == null ? 0 : eventsIn(before.answer));
            while (answers.size() > 1 && (answers.size() > LIMIT || events > EVENTS_LIMIT)) {
                events -= eventsIn(answers.pollFirstEntry().getValue().answer);
            }
        }

        private static int eventsIn(Answer answer) {
            return answer instanceof Answer.Done done ? done.events().size() : 0;
        }

        Optional<Answer> to(String request) {
            var known = answers.get(RequestId.key(request));
            if (known == null) {
                return Optional.empty();
            }
            return Optional.of(known.request.equals(request) ? known.answer : otherContent());
        }
    }

    /// The answer to a key that was used for something else before.
    static Answer otherContent() {
        return new Answer.Refused(new Refusal(
                Refusal.Code.KEY_REUSED,
                "nothing was changed: the request's key was used before for a request of another content",
                "Send another 'Idempotency-Key', or the same request as before."));
    }

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
        if (RequestId.ofClient(request)) {
            // A refusal changed nothing: what is asked again is decided again, as things are then.
            if (answer instanceof Answer.Done) {
                clients.keep(request, shortened(answer));
            }
        } else {
            nodes.keep(request, answer);
        }
    }

    private static Answer shortened(Answer answer) {
        return answer instanceof Answer.Done(var revision, var events) && events.size() > 1
                ? new Answer.Done(revision, events.subList(0, 1))
                : answer;
    }

    /// What was answered to this request; a refusal when its key was used for another one.
    synchronized Optional<Answer> to(String request) {
        return (RequestId.ofClient(request) ? clients : nodes).to(request);
    }

    /// The answers that came from entries, oldest first.
    synchronized List<Kept> fromEntries() {
        var kept = new ArrayList<Kept>();
        for (var window : List.of(nodes, clients)) {
            window.answers.values().forEach(known -> {
                if (known.answer instanceof Answer.Done done && !done.events().isEmpty()) {
                    kept.add(new Kept(known.request, done));
                }
            });
        }
        return kept;
    }

    /// Takes over what a snapshot carried.
    synchronized void restore(List<Kept> kept) {
        kept.forEach(one -> keep(one.request(), one.answer()));
    }
}
