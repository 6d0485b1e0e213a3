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
    /// Whether a monitor is there is no part of the state: who waits for it looks this often.
    private static final long LOOK_NANOS = 500_000_000;

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

    /// Waits until `reached` holds, asking after each applied entry and twice a second; false when it does not in time.
    boolean await(BooleanSupplier reached, Duration limit) throws InterruptedException {
        var left = limit.toNanos();
        lock.lock();
        try {
            while (!reached.getAsBoolean()) {
                if (left <= 0) {
                    return false;
                }
                long look = Math.min(left, LOOK_NANOS);
                left -= look - changed.awaitNanos(look);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
