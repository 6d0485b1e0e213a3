package dev.mainstay.monitor.link;

import dev.mainstay.monitor.host.Voice;
import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ToService;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// What waits to be written to the service: bounded by the number of resources, so that a service that does not
/// read never blocks an entry point.
///
/// Of each resource at most its last failure and its latest state wait; log lines over the limit are dropped and
/// counted, answers over theirs as well.
///
/// **Threads:** any puts; one takes at a time: the one that waits in [#take], or one that writes its own answer.
public final class Outbox implements Voice {
    /// Log lines that may wait; a service that is that far behind reads the monitor's own log file.
    private static final int LINES_MAX = 1_000;

    /// Answers and questions that may wait: as many controls and questions as may be under way, and some more. A
    /// service that does not read for that long waits for none of them any more.
    private static final int ANSWERS_MAX = 1_024;

    private final Map<String, Slot> slots = new LinkedHashMap<>();
    private final ArrayDeque<ToService> answers = new ArrayDeque<>();
    private final ArrayDeque<ToService.LogLine> lines = new ArrayDeque<>();
    private Optional<Supplier<ToService.Inventory>> inventory = Optional.empty();
    // The newest: a service that did not read the ones before needs none of them.
    private Optional<ToService> beat = Optional.empty();
    private Runnable lost = () -> {};
    private long linesDropped;
    private boolean connected;
    private Optional<Pen> pen = Optional.empty();
    // Who writes now.
    private Optional<Pen> writing = Optional.empty();
    private int draining;

    /// Writes to one connection, for one thread at a time.
    interface Pen {
        /// Writes messages; what cannot be written closes the connection.
        void write(List<ToService> messages);
    }

    /// @param failure the last failure that was not sent yet
    /// @param latest the latest message about the resource
    private record Slot(Optional<HeldResource> failure, Optional<ToService> latest) {}

    @Override
    public synchronized void report(HeldResource held) {
        switch (held.state()) {
            case FAILED -> OwnLog.line(System.Logger.Level.WARNING, held.resource(), "failed: " + held.detail());
            case ONLINE ->
                OwnLog.line(System.Logger.Level.INFO, held.resource(), "online (attempt " + held.attempt() + ")");
            case INITIALIZING, OFFLINE, ONLINE_PENDING, OFFLINE_PENDING -> {}
        }
        if (!connected) {
            return;
        }
        var before = slots.get(held.resource());
        Optional<HeldResource> failure = before == null ? Optional.empty() : before.failure();
        if (before != null
                && before.latest().isPresent()
                && before.latest().get() instanceof ToService.Report(var waiting)
                && waiting.state() == HeldState.FAILED
                && held.state() != HeldState.FAILED) {
            failure = Optional.of(waiting);
        }
        slots.put(held.resource(), new Slot(failure, Optional.of(new ToService.Report(held))));
        notifyAll();
    }

    @Override
    public synchronized void closed(String resource) {
        if (connected) {
            slots.put(resource, new Slot(Optional.empty(), Optional.of(new ToService.Closed(resource))));
            notifyAll();
        }
    }

    @Override
    public synchronized void log(System.Logger.Level level, String resource, String text) {
        OwnLog.line(level, resource, text);
        if (lines.size() >= LINES_MAX) {
            linesDropped++;
            return;
        }
        lines.add(new ToService.LogLine(level.name(), resource, text));
        notifyAll();
    }

    @Override
    public synchronized boolean tell(ToService message) {
        if (connected && message instanceof ToService.Beat) {
            beat = Optional.of(message);
            notifyAll();
            return true;
        }
        if (!connected || answers.size() >= ANSWERS_MAX) {
            return false;
        }
        answers.add(message);
        notifyAll();
        return true;
    }

    @Override
    public boolean tellLast(ToService message) {
        Pen own;
        List<ToService> taken;
        synchronized (this) {
            if (writing.isPresent() || pen.isEmpty() || inventory.isPresent()) {
                return tell(message);
            }
            if (!connected || answers.size() >= ANSWERS_MAX) {
                return false;
            }
            answers.add(message);
            taken = List.copyOf(answers);
            answers.clear();
            own = pen.get();
            writing = pen;
        }
        // one that the type left behind would close the connection
        var _ = Thread.interrupted();
        try {
            own.write(taken);
        } finally {
            written(own);
        }
        return true;
    }

    private synchronized void written(Pen by) {
        if (writing.filter(by::equals).isPresent()) {
            writing = Optional.empty();
            if (draining > 0 || !isEmpty()) {
                notifyAll();
            }
        }
    }

    /// Starts over with a new connection: everything is told by the inventory, which is composed when it is sent.
    synchronized void connected(Pen fresh, Supplier<ToService.Inventory> whole) {
        pen = Optional.of(fresh);
        slots.clear();
        answers.clear();
        beat = Optional.empty();
        inventory = Optional.of(whole);
        connected = true;
        notifyAll();
    }

    @Override
    public synchronized void tellAll(Supplier<ToService.Inventory> whole) {
        inventory = Optional.of(whole);
        notifyAll();
    }

    /// Sets what is told of each loss of a connection.
    public synchronized void whenLost(Runnable told) {
        lost = told;
    }

    /// The connection is gone: [#take] answers empty and reports are not kept, the next inventory has them.
    void disconnected() {
        Runnable told;
        synchronized (this) {
            connected = false;
            pen = Optional.empty();
            writing = Optional.empty();
            slots.clear();
            answers.clear();
            notifyAll();
            told = lost;
        }
        told.run();
    }

    /// The next message, waiting for one; empty when the connection is gone. What that pen wrote before counts as
    /// written.
    Optional<ToService> take(Pen by) throws InterruptedException {
        Supplier<ToService.Inventory> whole;
        synchronized (this) {
            written(by);
            while (connected && pen.filter(by::equals).isPresent() && (isEmpty() || writing.isPresent())) {
                wait();
            }
            if (!connected || pen.filter(by::equals).isEmpty()) {
                return Optional.empty();
            }
            writing = pen;
            if (inventory.isEmpty()) {
                if (beat.isPresent()) {
                    var taken = beat;
                    beat = Optional.empty();
                    return taken;
                }
                var answer = answers.poll();
                return Optional.of(answer != null ? answer : slots.isEmpty() ? nextLine() : nextReport());
            }
            whole = inventory.get();
            inventory = Optional.empty();
        }
        return Optional.of(whole.get());
    }

    /// A message that goes out together with the one taken last, if there is one; an inventory goes alone.
    synchronized Optional<ToService> more() {
        if (!connected || inventory.isPresent()) {
            return Optional.empty();
        }
        var answer = answers.poll();
        return answer != null ? Optional.of(answer) : slots.isEmpty() ? Optional.empty() : Optional.of(nextReport());
    }

    private boolean isEmpty() {
        return inventory.isEmpty()
                && beat.isEmpty()
                && answers.isEmpty()
                && slots.isEmpty()
                && lines.isEmpty()
                && linesDropped == 0;
    }

    private ToService nextReport() {
        var first = slots.entrySet().iterator().next();
        var slot = first.getValue();
        if (slot.failure().isPresent()) {
            slots.put(first.getKey(), new Slot(Optional.empty(), slot.latest()));
            return new ToService.Report(slot.failure().get());
        }
        slots.remove(first.getKey());
        return slot.latest().orElseThrow();
    }

    private ToService nextLine() {
        var line = lines.poll();
        if (line != null) {
            return line;
        }
        var dropped = new ToService.LogLine(
                System.Logger.Level.WARNING.name(),
                "",
                "%d log lines were dropped, because the service did not read them in time".formatted(linesDropped));
        linesDropped = 0;
        return dropped;
    }

    /// Waits until everything is written or the limit is over.
    public synchronized void drain(long limitMillis) throws InterruptedException {
        long end = System.nanoTime() + limitMillis * 1_000_000;
        draining++;
        try {
            for (long left = limitMillis; connected && (writing.isPresent() || !isEmpty()) && left > 0; ) {
                wait(left);
                left = (end - System.nanoTime()) / 1_000_000;
            }
        } finally {
            draining--;
        }
    }
}
