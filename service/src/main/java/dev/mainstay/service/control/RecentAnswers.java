package dev.mainstay.service.control;

import dev.mainstay.core.event.LogEntry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The answers to the latest requests, so that repeating one does not do it twice.
///
/// Entries carry the ids of their requests, so every node knows these answers and a repetition is recognised
/// by the next leader too. Answers without an entry are known only to the node that gave them; repeating
/// those is harmless.
///
/// **Threads:** any.
final class RecentAnswers {
    /// A request is repeated within seconds if at all; a cluster decides tens of commands a second.
    static final int LIMIT = 1_000;

    private final Map<String, Answer> answers = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Answer> eldest) {
            return size() > LIMIT;
        }
    };

    synchronized void applied(long revision, LogEntry entry) {
        for (var decided : entry.decisions()) {
            keep(decided.cause().request(), new Answer.Done(revision, decided.events()));
        }
    }

    /// Remembers an answer; an empty id stands for a request that nobody repeats.
    synchronized void keep(String request, Answer answer) {
        if (!request.isEmpty()) {
            answers.put(request, answer);
        }
    }

    synchronized Optional<Answer> to(String request) {
        return Optional.ofNullable(answers.get(request));
    }
}
