package dev.mainstay.types.check;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/// Asks a server that is known by its name, on a thread of its own: looking up a name can neither be limited nor
/// interrupted, and with name servers that do not answer it takes what `/etc/resolv.conf` allows, 10 s and more.
///
/// At most one such thread: while one still waits for the resolver, a second would wait beside it. It is no
/// virtual one, because the lookup blocks whatever carries those.
///
/// **Threads:** one call at a time, as for any check.
/// **Time:** [#ask] returns within its limit, which covers the lookup and what follows it.
final class NamedCheck implements Check {
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[.*|.*:.*");

    private final OfServer check;
    private Optional<Question> last = Optional.empty();

    private NamedCheck(OfServer check) {
        this.check = check;
    }

    /// That check; in time even if its name is not resolved in time.
    static Check inTime(Check check) {
        return check instanceof OfServer named
                        && !ADDRESS.matcher(named.server()).matches()
                ? new NamedCheck(named)
                : check;
    }

    @Override
    public String target() {
        return check.target();
    }

    @Override
    public Answer ask(Duration limit) throws InterruptedException {
        var begin = System.nanoTime();
        if (last.isPresent() && last.get().answer(limit).isEmpty()) {
            return late(last.get(), limit);
        }
        var left = limit.minusNanos(System.nanoTime() - begin);
        var question = new Question(left);
        last = Optional.of(question);
        Thread.ofPlatform().daemon().name("asking " + target()).start(question);
        return question.answer(left).orElseGet(() -> late(question, limit));
    }

    private static Answer late(Question question, Duration limit) {
        return question.resolved
                ? Answer.noneWithin(limit)
                : new Answer.TimedOut(
                        "its name was not resolved within %d ms; look at the name servers in /etc/resolv.conf, or write its address"
                                .formatted(limit.toMillis()));
    }

    private final class Question implements Runnable {
        private final long begin = System.nanoTime();
        private final Duration limit;
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();
        // written by the thread that asks, read by the one that waits
        private volatile boolean resolved;

        Question(Duration limit) {
            this.limit = limit;
        }

        @Override
        public void run() {
            try {
                answer.complete(resolveAndAsk());
            } catch (RuntimeException | Error bug) {
                answer.completeExceptionally(bug);
            }
        }

        private Answer resolveAndAsk() {
            List<InetAddress> addresses;
            try {
                addresses = List.of(InetAddress.getAllByName(check.server()));
            } catch (IOException e) {
                return Answer.of(e, limit);
            }
            resolved = true;
            var left = limit.minusNanos(System.nanoTime() - begin);
            // nobody waits any more: what would be answered is too late
            return left.toMillis() > 0 ? check.askAt(addresses, left) : Answer.noneWithin(limit);
        }

        /// Empty when there is none in this time.
        Optional<Answer> answer(Duration patience) throws InterruptedException {
            try {
                return Optional.of(answer.get(Math.max(0, patience.toNanos()), TimeUnit.NANOSECONDS));
            } catch (TimeoutException late) {
                return Optional.empty();
            } catch (ExecutionException bug) {
                throw new IllegalStateException("asking %s threw".formatted(target()), bug);
            }
        }
    }
}
