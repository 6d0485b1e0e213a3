package dev.mainstay.service.node;

import dev.mainstay.core.event.Event.FailureRequested;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.ToService.Inventory;
import dev.mainstay.service.control.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What happened since the control of resources last looked.
///
/// **Threads:** any may post; one takes. Applied states and answers never wait: only the newest state is kept.
/// What monitors say waits while the queue is full, which slows down just that monitor.
final class Inbox {
    /// Twice the reports of ten thousand resources that all change at once.
    static final int FROM_MONITORS_MAX = 20_000;

    private final Object lock = new Object();
    private List<FromMonitor> fromMonitors = new ArrayList<>();
    private Map<ResourceId, FailureRequested> failures = new LinkedHashMap<>();
    private @Nullable ClusterState state;
    private @Nullable Answer answer;

    /// What a monitor says.
    sealed interface FromMonitor {
        /// It is connected and holds this.
        record Attached(boolean fresh, Inventory inventory) implements FromMonitor {}

        /// A resource changed.
        record Reported(HeldResource held) implements FromMonitor {}

        /// A resource is no longer hosted.
        record Closed(String resource) implements FromMonitor {}

        /// It is gone.
        record Detached() implements FromMonitor {}
    }

    /// Everything that happened.
    record Work(
            List<FromMonitor> fromMonitors,
            List<FailureRequested> failures,
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

    void post(ClusterState applied, List<FailureRequested> requested) {
        synchronized (lock) {
            state = applied;
            requested.forEach(one -> failures.put(one.resource(), one));
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
            while (fromMonitors.isEmpty() && failures.isEmpty() && state == null && answer == null) {
                long leftMillis = (until - System.nanoTime()) / 1_000_000;
                if (leftMillis <= 0) {
                    break;
                }
                lock.wait(leftMillis);
            }
            var work = new Work(
                    fromMonitors,
                    List.copyOf(failures.values()),
                    Optional.ofNullable(state),
                    Optional.ofNullable(answer));
            fromMonitors = new ArrayList<>();
            failures = new LinkedHashMap<>();
            state = null;
            answer = null;
            lock.notifyAll();
            return work;
        }
    }
}
