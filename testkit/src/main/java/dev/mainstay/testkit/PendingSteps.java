package dev.mainstay.testkit;

import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ToService;
import java.time.Duration;
import java.util.function.Consumer;

/// How long the pending work of one resource goes on without a new checkpoint.
///
/// **Threads:** any.
final class PendingSteps implements Consumer<ToService> {
    private final String resource;
    private boolean pending;
    private long since;
    private long longest;

    PendingSteps(String resource) {
        this.resource = resource;
    }

    @Override
    public synchronized void accept(ToService message) {
        if (message instanceof ToService.Report(var held) && held.resource().equals(resource)) {
            long now = System.nanoTime();
            if (pending) {
                longest = Math.max(longest, now - since);
            }
            pending = held.state() == HeldState.ONLINE_PENDING || held.state() == HeldState.OFFLINE_PENDING;
            since = now;
        }
    }

    synchronized Duration longestSilence() {
        return Duration.ofNanos(longest);
    }
}
