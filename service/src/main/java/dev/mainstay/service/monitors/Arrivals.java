package dev.mainstay.service.monitors;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where a keeper waits for its monitor to connect.
///
/// **Threads:** one waits, any brings.
final class Arrivals {
    private static final Logger LOG = LoggerFactory.getLogger(Arrivals.class);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(20);

    private final String monitor;
    private final BooleanSupplier stopping;
    private final BlockingQueue<Object> waiting = new ArrayBlockingQueue<>(16);

    /// What came of waiting.
    sealed interface Outcome {
        /// It connected.
        record Connected(MonitorLink link) implements Outcome {}

        /// Its process ended before.
        record Ended() implements Outcome {}

        /// It did not connect in time, or nobody waits any more.
        record Late() implements Outcome {}
    }

    /// @param stopping whether nobody waits any more
    Arrivals(String monitor, BooleanSupplier stopping) {
        this.monitor = monitor;
        this.stopping = stopping;
    }

    /// A monitor connected.
    void connected(MonitorLink link) {
        if (!waiting.offer(link)) {
            link.close();
        }
    }

    /// Forgets who came before, and hears of the end of a process.
    void expect(MonitorProcess fresh) {
        waiting.clear();
        var child = fresh.child();
        if (child != null) {
            var _ = child.onExit().thenAccept(waiting::offer);
        }
    }

    /// Waits for a process to connect or to end.
    Outcome await(MonitorProcess process, Duration limit) throws InterruptedException {
        var until = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < until && !stopping.getAsBoolean()) {
            switch (waiting.poll(LOOK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                case MonitorLink link -> {
                    return new Outcome.Connected(link);
                }
                case Process exited -> {
                    if (exited.equals(process.child())) {
                        return new Outcome.Ended();
                    }
                    LOG.debug("monitor '{}': the one before (pid {}) has ended", monitor, exited.pid());
                }
                case null, default -> {
                    if (!process.runs() && waiting.isEmpty()) {
                        return new Outcome.Ended();
                    }
                }
            }
        }
        return new Outcome.Late();
    }
}
