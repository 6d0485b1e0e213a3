package dev.mainstay.service.control;

import dev.mainstay.core.event.LogEntry;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.protocol.WireCodec;
import dev.mainstay.protocol.WireCodec.MalformedException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// This node's copy of the state: applies entries one after another and tells the watchers.
///
/// **Threads:** [#apply] and [#restore] from one thread at a time; the rest from any.
/// **Errors:** an exception is a bug: it is logged, the copy stands still from then on, and `onBug` is told.
final class Replication {
    private static final Logger LOG = LoggerFactory.getLogger(Replication.class);

    private final Rules rules;
    private final RecentAnswers answers;
    private final ClusterClock clock;
    private final Consumer<Throwable> onBug;
    private final List<Cluster.Watcher> watchers = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition advanced = lock.newCondition();
    /// Written by the applying thread, read by anyone.
    private volatile ClusterState state;

    private volatile boolean broken;
    private volatile @Nullable Pending pending;

    /// An entry that the controller waits for; the outcome is whether it counted.
    private static final class Pending {
        final byte[] entry;
        final CompletableFuture<Boolean> counted = new CompletableFuture<>();

        Pending(byte[] entry) {
            this.entry = entry;
        }
    }

    Replication(
            ClusterState initial, Rules rules, RecentAnswers answers, ClusterClock clock, Consumer<Throwable> onBug) {
        this.state = initial;
        this.rules = rules;
        this.answers = answers;
        this.clock = clock;
        this.onBug = onBug;
    }

    ClusterState state() {
        return state;
    }

    boolean broken() {
        return broken;
    }

    void watch(Cluster.Watcher watcher) {
        watchers.add(watcher);
    }

    /// Completes with true once these bytes are applied, with false once they came too late to count.
    CompletableFuture<Boolean> expect(byte[] entry) {
        var next = new Pending(entry);
        pending = next;
        return next.counted;
    }

    void apply(byte[] bytes) {
        if (broken) {
            return;
        }
        try {
            var entry = WireCodec.decode(LogEntry.class, Packing.unpack(bytes));
            boolean counts = entry.baseRevision() == state.revision();
            if (counts) {
                advance(entry);
            }
            var waiting = pending;
            if (waiting != null && Arrays.equals(waiting.entry, bytes)) {
                pending = null;
                waiting.counted.complete(counts);
            }
        } catch (MalformedException | RuntimeException | Error e) {
            bug("applying an entry of %d bytes at revision %d".formatted(bytes.length, state.revision()), e);
        }
    }

    private void advance(LogEntry entry) {
        var before = state;
        var after = rules.apply(before, entry);
        if (after.revision() != before.revision() + 1) {
            throw new IllegalStateException("an entry led from revision %d to revision %d, not one further"
                    .formatted(before.revision(), after.revision()));
        }
        answers.applied(after.revision(), entry);
        replace(after);
        for (var watcher : watchers) {
            watcher.applied(before, entry, after);
        }
    }

    void restore(byte[] snapshot) {
        if (broken) {
            return;
        }
        try {
            var content = Snapshot.decode(snapshot);
            var restored = content.state();
            // The log was opened again in this process: this node is past the snapshot already.
            if (restored.revision() < state.revision()) {
                return;
            }
            answers.restore(content.answers());
            replace(restored);
            for (var watcher : watchers) {
                watcher.restored(restored);
            }
        } catch (MalformedException | RuntimeException | Error e) {
            bug("restoring a snapshot of %d bytes".formatted(snapshot.length), e);
        }
    }

    private void replace(ClusterState next) {
        clock.reached(next);
        lock.lock();
        try {
            state = next;
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean awaitRevision(long revision, Duration limit) throws InterruptedException {
        long left = limit.toNanos();
        lock.lock();
        try {
            while (state.revision() < revision && left > 0) {
                left = advanced.awaitNanos(left);
            }
            return state.revision() >= revision;
        } finally {
            lock.unlock();
        }
    }

    /// Stands still from now on: going on in a state nobody foresaw could run a service twice.
    void bug(String doing, Throwable error) {
        broken = true;
        LOG.error("bug while {}: this cluster service stops", doing, error);
        var waiting = pending;
        if (waiting != null) {
            waiting.counted.completeExceptionally(error);
        }
        onBug.accept(error);
    }
}
