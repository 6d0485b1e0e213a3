package dev.mainstay.service.node;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What resource types are to hear, on its way to the monitors that tell them: few at a time, in order, and once
/// more to a monitor that was lost before it had told.
///
/// **Threads:** one.
final class Notices {
    /// Notices that may wait for one monitor; past this the oldest is dropped. Ten types hear of a hundred nodes.
    static final int WAITING_MAX = 1_000;

    /// Notices on their way in one monitor, out of the controls that may be: the rest is for operators.
    static final int UNDER_WAY_MAX = 16;

    /// How often a notice is sent at most: it may be what ends the monitor.
    static final int TRIES_MAX = 2;

    /// Wait after a monitor was not there, unless it tells that it is: it is about to be known to be gone, or has
    /// too much to do.
    static final Duration PAUSE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Notices.class);

    private final Desks desks;
    private final Runnable wake;
    private final Map<String, Line> lines = new TreeMap<>();
    // Written by whoever hears an answer.
    private final Queue<Heard> heard = new ConcurrentLinkedQueue<>();
    private long numbers;

    /// One notice.
    ///
    /// @param resource the resource whose type hears it, or empty for a type by itself
    /// @param subject what it speaks of: a later notice of the same code to the same resource replaces it while it
    ///     waits
    record Notice(String resource, String type, String code, String subject, Map<String, List<String>> input) {
        private boolean replaces(Notice other) {
            return !resource.isEmpty()
                    && resource.equals(other.resource)
                    && code.equals(other.code)
                    && subject.equals(other.subject);
        }
    }

    private record Sending(Notice notice, int tries) {}

    private record Heard(String monitor, long number, boolean told) {}

    private static final class Line {
        private final Deque<Sending> waiting = new ArrayDeque<>();
        private final Map<Long, Sending> underWay = new TreeMap<>();
        private boolean full;
        private Optional<Long> pausedAtNanos = Optional.empty();

        boolean pauses(long nowNanos) {
            return pausedAtNanos.filter(at -> nowNanos - at < PAUSE.toNanos()).isPresent();
        }
    }

    /// @param wake is called from any thread when there is something to send
    Notices(Desks desks, Runnable wake) {
        this.desks = desks;
        this.wake = wake;
    }

    /// A monitor is there; from now on what is for all is for it as well.
    void know(String monitor) {
        lines.computeIfAbsent(monitor, _ -> new Line()).pausedAtNanos = Optional.empty();
    }

    /// A monitor ended in good order: it comes back only to begin anew.
    void forget(String monitor) {
        lines.remove(monitor);
    }

    /// The process of a monitor is gone, another one takes its place: what is open there is told by that.
    void replaced(String monitor) {
        var line = lines.get(monitor);
        if (line != null) {
            line.waiting.removeIf(one -> !one.notice.resource().isEmpty());
            line.underWay.values().removeIf(one -> !one.notice.resource().isEmpty());
        }
    }

    void toAll(Collection<Notice> notices) {
        lines.keySet().forEach(monitor -> notices.forEach(notice -> to(monitor, notice)));
    }

    /// Hands over a notice; one for a monitor that is not known is nobody's.
    void to(String monitor, Notice notice) {
        var line = lines.get(monitor);
        if (line == null) {
            return;
        }
        line.waiting.removeIf(one -> notice.replaces(one.notice));
        if (line.waiting.size() >= WAITING_MAX) {
            line.waiting.removeFirst();
            if (!line.full) {
                LOG.warn("more than {} notices wait for monitor '{}': the oldest are dropped", WAITING_MAX, monitor);
            }
            line.full = true;
        }
        line.waiting.addLast(new Sending(notice, 1));
    }

    /// Sends what may be sent now.
    ///
    /// @param ready monitors that can pass notices on
    void send(Set<String> ready, long nowNanos) {
        for (var one = heard.poll(); one != null; one = heard.poll()) {
            ended(one, nowNanos);
        }
        for (var monitor : ready) {
            var line = lines.get(monitor);
            while (line != null
                    && !line.pauses(nowNanos)
                    && line.underWay.size() < UNDER_WAY_MAX
                    && !line.waiting.isEmpty()) {
                var next = line.waiting.removeFirst();
                long number = ++numbers;
                line.underWay.put(number, next);
                line.full = false;
                desks.tell(monitor, next.notice, told -> {
                    heard.add(new Heard(monitor, number, told));
                    wake.run();
                });
            }
        }
    }

    private void ended(Heard one, long nowNanos) {
        var line = lines.get(one.monitor);
        var sent = line == null ? null : line.underWay.remove(one.number);
        if (line == null || sent == null || one.told) {
            return;
        }
        line.pausedAtNanos = Optional.of(nowNanos);
        if (sent.tries < TRIES_MAX) {
            line.waiting.addFirst(new Sending(sent.notice, sent.tries + 1));
        } else {
            LOG.warn(
                    "monitor '{}' was lost {} times while it passed notice '{}' on: it is not sent again",
                    one.monitor,
                    sent.tries,
                    sent.notice.code());
        }
    }
}
