package dev.mainstay.monitor.host;

import dev.mainstay.monitor.step.ResourceEvent;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The events of one resource, handled one after another on whatever thread is free.
///
/// A call that an event leads to goes on with the thread that handled the event, and its end is handled by that
/// thread again: from a timer to the end of a check it takes one virtual thread.
///
/// **Threads:** [#post] and [#call] from anywhere, they never block; a thread exists only while there is
/// something to handle.
final class Mailbox {
    /// Room for orders, timers and checkpoints; when it is full they are dropped, since all of them come again.
    private static final int LIMIT = 256;

    private final String name;
    private final Consumer<ResourceEvent> handle;
    private final Consumer<Throwable> bug;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    // Guarded by the entries: whether a thread handles them or is about to, which one, and the call it goes on
    // with.
    private boolean handling;
    private @Nullable Thread handler;
    private @Nullable Call next;

    /// @param bug is told what handling an event threw, and ends the process: a resource nobody handles any more
    ///     would be unsupervised for ever
    Mailbox(String name, Consumer<ResourceEvent> handle, Consumer<Throwable> bug) {
        this.name = name;
        this.handle = handle;
        this.bug = bug;
    }

    /// Says whether an event that waits is still wanted; a timer that was disarmed is not.
    static class Ticket {
        // Written by the handling thread, read by it as well; volatile because that thread changes.
        private volatile boolean valid = true;

        final void cancel() {
            valid = false;
        }

        final boolean isValid() {
            return valid;
        }
    }

    /// A call of an entry point: runs to its end, and answers it unless the matter goes on.
    interface Call {
        /// Never throws.
        Optional<ResourceEvent> run();
    }

    private record Entry(Supplier<ResourceEvent> event, Ticket ticket) {}

    /// Posts the end of something, for which there is always room.
    void postResult(ResourceEvent event) {
        postNews(() -> event);
    }

    /// Posts the end of something, for which there is always room, and handles it and the call that it leads to on
    /// this thread, unless another one handles events already.
    void handleResult(ResourceEvent event) {
        // what the call before may have left behind
        var _ = Thread.interrupted();
        if (add(() -> event, new Ticket())) {
            handleAll();
        }
    }

    /// Posts what is only known when its turn comes, and for which there is always room: the caller sees to it
    /// that few of them wait.
    void postNews(Supplier<ResourceEvent> event) {
        if (add(event, new Ticket())) {
            start(this::handleAll);
        }
    }

    /// Posts an event that may be dropped; answers whether there was room.
    boolean post(ResourceEvent event, Ticket ticket) {
        return post(event, ticket, this::start);
    }

    /// Posts an event that may be dropped; answers whether there was room.
    ///
    /// @param thread where it is handled, and where the call runs that it leads to
    boolean post(ResourceEvent event, Ticket ticket, Executor thread) {
        synchronized (entries) {
            if (entries.size() >= LIMIT) {
                return false;
            }
        }
        if (add(() -> event, ticket)) {
            thread.execute(this::handleAll);
        }
        return true;
    }

    /// Runs a call and posts its end; on the thread that handles an event now, as soon as that is done.
    void call(Call call) {
        synchronized (entries) {
            if (Thread.currentThread().equals(handler) && next == null) {
                next = call;
                return;
            }
        }
        start(() -> run(call));
    }

    private void start(Runnable task) {
        Thread.ofVirtual().name(name).start(task);
    }

    /// Adds an entry; answers whether nobody handles entries now, so that the caller must see to that.
    private boolean add(Supplier<ResourceEvent> event, Ticket ticket) {
        synchronized (entries) {
            entries.add(new Entry(event, ticket));
            if (handling) {
                return false;
            }
            handling = true;
            return true;
        }
    }

    private void handleAll() {
        var call = drain();
        if (call != null) {
            run(call);
        }
    }

    private void run(Call first) {
        for (var call = first; call != null; ) {
            // what the call before may have left behind
            var _ = Thread.interrupted();
            var end = call.run();
            call = end.isPresent() && add(end::get, new Ticket()) ? drain() : null;
        }
    }

    /// Handles entries until there are none, or until one leads to a call, which is the answer.
    private @Nullable Call drain() {
        while (true) {
            Entry entry;
            synchronized (entries) {
                entry = entries.poll();
                handling = entry != null;
                handler = entry == null ? null : Thread.currentThread();
            }
            if (entry == null) {
                return null;
            }
            if (entry.ticket.isValid()) {
                handle(entry.event.get());
            }
            synchronized (entries) {
                if (next != null) {
                    var call = next;
                    next = null;
                    handler = null;
                    handling = !entries.isEmpty();
                    if (handling) {
                        start(this::handleAll);
                    }
                    return call;
                }
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
}
