package dev.mainstay.service.node;

import dev.mainstay.core.state.ClusterState;
import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.ToService.Inventory;
import dev.mainstay.protocol.ToService.Query;
import dev.mainstay.service.control.Answer;
import dev.mainstay.service.monitors.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What happened since the control of resources last looked.
///
/// **Threads:** any may post; one takes. Applied states and answers never wait: only the newest state is kept.
/// What monitors say waits while the queue is full, which slows down just that monitor.
final class Inbox {
    /// Twice the reports of ten thousand resources that all change at once.
    static final int FROM_MONITORS_MAX = 20_000;
    /// Far more than operators ask for at a time.
    static final int ASKED_MAX = 1_000;

    private final Object lock = new Object();
    private List<FromMonitor> fromMonitors = new ArrayList<>();
    private List<Runnable> asked = new ArrayList<>();
    private @Nullable ClusterState state;
    private @Nullable Answer answer;

    /// What a monitor says, or what becomes of it.
    sealed interface FromMonitor {
        /// Which one.
        String monitor();

        /// It is connected and holds this.
        record Attached(String monitor, boolean fresh, Inventory inventory) implements FromMonitor {}

        /// It tells once more what it holds.
        record Told(String monitor, Inventory inventory) implements FromMonitor {}

        /// A resource changed.
        record Reported(String monitor, HeldResource held) implements FromMonitor {}

        /// A resource is no longer hosted.
        record Closed(String monitor, String resource) implements FromMonitor {}

        /// A resource type asks about the cluster.
        record Queried(String monitor, Query query) implements FromMonitor {}

        /// It is no longer connected.
        record Detached(String monitor) implements FromMonitor {}

        /// Its process has ended.
        record Gone(String monitor, Ending ending) implements FromMonitor {}

        /// Its process cannot be ended.
        record Stuck(String monitor, String trouble) implements FromMonitor {}
    }

    /// Everything that happened.
    ///
    /// @param asked what somebody else wants done by the one thread that controls resources
    record Work(
            List<FromMonitor> fromMonitors,
            List<Runnable> asked,
            Optional<ClusterState> state,
            Optional<Answer> answer) {}

    void post(FromMonitor one) throws InterruptedException {
        synchronized (lock) {
            while (fromMonitors.size() >= FROM_MONITORS_MAX) {
                lock.wait();
            }
            fromMonitors.add(one);
            lock.notifyAll();
        }
    }

    /// Has something done by the control of resources; false when too much waits already.
    boolean post(Runnable what) {
        synchronized (lock) {
            if (asked.size() >= ASKED_MAX) {
                return false;
            }
            asked.add(what);
            lock.notifyAll();
            return true;
        }
    }

    void post(ClusterState applied) {
        synchronized (lock) {
            state = applied;
            lock.notifyAll();
        }
    }

    void post(Answer given) {
        synchronized (lock) {
            answer = given;
            lock.notifyAll();
        }
    }

    /// Takes everything posted; waits for something, but no longer than `limit`.
    Work take(Duration limit) throws InterruptedException {
        synchronized (lock) {
            var until = System.nanoTime() + limit.toNanos();
            while (fromMonitors.isEmpty() && asked.isEmpty() && state == null && answer == null) {
                long leftMillis = (until - System.nanoTime()) / 1_000_000;
                if (leftMillis <= 0) {
                    break;
                }
                lock.wait(leftMillis);
            }
            var work = new Work(fromMonitors, asked, Optional.ofNullable(state), Optional.ofNullable(answer));
            fromMonitors = new ArrayList<>();
            asked = new ArrayList<>();
            state = null;
            answer = null;
            lock.notifyAll();
            return work;
        }
    }
}
