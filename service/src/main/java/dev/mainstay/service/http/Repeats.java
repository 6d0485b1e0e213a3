package dev.mainstay.service.http;

import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// Answers a changing request that comes again as it was answered the first time, while this cluster service runs.
///
/// What was decided is recognised by the log also afterwards and on other nodes; this covers in addition what
/// never gets there, such as the restart of a monitor, and a repetition that overtakes the first answer.
///
/// **Threads:** any; a repetition waits for the first one.
final class Repeats {
    /// Answers that are kept, as many as the log remembers.
    private static final int MOST = dev.mainstay.service.control.RecentAnswers.LIMIT;

    /// Characters in all kept answers; of longer ones only the log knows that they were given.
    private static final int MOST_CHARACTERS = 4 * 1024 * 1024;

    private final Map<String, Known> known = new LinkedHashMap<>();
    private int characters;

    private record Known(String content, CompletableFuture<Reply> reply) {}

    /// Answers a request.
    @FunctionalInterface
    interface First {
        Reply answer() throws InterruptedException;
    }

    /// **Errors:** `KEY_REUSED`; what went wrong is not kept, so that it can be tried again.
    Reply once(String key, String content, First first) throws InterruptedException {
        var mine = new Known(content, new CompletableFuture<>());
        var before = claim(key, mine);
        if (before != null) {
            if (!before.content.equals(content)) {
                throw new ClusterException(
                        ErrorCode.KEY_REUSED,
                        "nothing was changed: the request's key was used before for a request of another content",
                        "Send another 'Idempotency-Key', or the same request as before.");
            }
            try {
                return before.reply.get();
            } catch (ExecutionException failed) {
                // The first one did not come to an answer: this one tries it.
                return once(key, content, first);
            }
        }
        try {
            var reply = first.answer();
            kept(key, reply);
            mine.reply.complete(reply);
            return reply;
        } finally {
            if (!mine.reply.isDone()) {
                forget(key);
                mine.reply.completeExceptionally(new IllegalStateException("it came to no answer"));
            }
        }
    }

    private synchronized @org.jspecify.annotations.Nullable Known claim(String key, Known mine) {
        return known.putIfAbsent(key, mine);
    }

    private synchronized void forget(String key) {
        known.remove(key);
    }

    private synchronized void kept(String key, Reply reply) {
        var size = size(reply);
        if (size > MOST_CHARACTERS / 8) {
            known.remove(key);
            return;
        }
        characters += size;
        var oldest = known.entrySet().iterator();
        while ((characters > MOST_CHARACTERS || known.size() > MOST) && oldest.hasNext()) {
            var one = oldest.next().getValue();
            if (one.reply.isDone()) {
                characters -= size(one.reply.join());
                oldest.remove();
            }
        }
    }

    private static int size(Reply reply) {
        return reply instanceof Reply.Json(var _, var text) ? text.length() : 0;
    }
}
