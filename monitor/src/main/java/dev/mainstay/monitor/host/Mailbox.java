package dev.mainstay.monitor.host;

import dev.mainstay.monitor.step.ResourceEvent;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Consumer;

/// The events of one resource, handled one after another on whatever thread is free.
///
/// **Threads:** [#post] from anywhere, never blocks; a thread exists only while there is something to handle.
final class Mailbox {
    /// Room for orders, timers and checkpoints; when it is full they are dropped, since all of them come again.
    private static final int LIMIT = 256;

    private final String name;
    private final Consumer<ResourceEvent> handle;
    private final Consumer<Throwable> bug;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private boolean handling;

    /// @param bug is told what handling an event threw, and ends the process: a resource nobody handles any more
    ///     would be unsupervised for ever
    Mailbox(String name, Consumer<ResourceEvent> handle, Consumer<Throwable> bug) {
        this.name = name;
        this.handle = handle;
        this.bug = bug;
    }

    /// Says whether an event that waits is still wanted; a timer that was disarmed is not.
    static final class Ticket {
        // Written by the handling thread, read by it as well; volatile because that thread changes.
        private volatile boolean valid = true;

        void cancel() {
            valid = false;
        }
    }

    private record Entry(ResourceEvent event, Ticket ticket) {}

    /// Posts the end of a call, for which there is always room, and handles it on this thread.
    void postResult(ResourceEvent event) {
        if (add(new Entry(event, new Ticket()))) {
            drain();
        }
    }

    /// Posts an event that may be dropped; answers whether there was room.
    boolean post(ResourceEvent event, Ticket ticket) {
        synchronized (entries) {
            if (entries.size() >= LIMIT) {
                return false;
            }
        }
        if (add(new Entry(event, ticket))) {
            Thread.ofVirtual().name(name).start(this::drain);
        }
        return true;
    }

    private boolean add(Entry entry) {
        synchronized (entries) {
            entries.add(entry);
            if (handling) {
                return false;
            }
            handling = true;
            return true;
        }
    }

    private void drain() {
        for (var entry = next(); entry.isPresent(); entry = next()) {
            if (entry.get().ticket().valid) {
                handle(entry.get().event());
            }
        }
    }

    private void handle(ResourceEvent event) {
        try {
            handle.accept(event);
        } catch (RuntimeException | Error thrown) {
            bug.accept(thrown);
        }
    }

    private Optional<Entry> next() {
        synchronized (entries) {
            var entry = Optional.ofNullable(entries.poll());
            handling = entry.isPresent();
            return entry;
        }
    }
}
