package dev.mainstay.service.http;

import dev.mainstay.core.event.LogEntry;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.service.control.Cluster;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// Wakes those who wait for the state to change.
///
/// **Threads:** any; [#applied] never waits for a waiter.
final class Changes implements Cluster.Watcher {
    /// Nothing wakes a waiter when its client leaves or a monitor falls silent, so it looks this often.
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(500);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @Override
    public void applied(ClusterState before, LogEntry entry, ClusterState after) {
        wake();
    }

    @Override
    public void restored(ClusterState state) {
        wake();
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until `reached` holds, asking after each applied entry and twice a second; false when it does not in
    /// time.
    boolean await(BooleanSupplier reached, Duration limit) throws InterruptedException {
        return await(reached, limit, () -> false);
    }

    /// The same, and gives up soon after nobody waits any more.
    boolean await(BooleanSupplier reached, Duration limit, BooleanSupplier gone) throws InterruptedException {
        var end = System.nanoTime() + limit.toNanos();
        lock.lock();
        try {
            while (!reached.getAsBoolean()) {
                var left = end - System.nanoTime();
                if (left <= 0 || gone.getAsBoolean()) {
                    return false;
                }
                var _ = changed.awaitNanos(Math.min(left, LOOK_INTERVAL.toNanos()));
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
