package dev.mainstay.service.node;

import dev.mainstay.protocol.ToService.Measures;
import dev.mainstay.service.http.MonitorDesk.Measured;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;

/// What the monitors of this node measured, as each told it last.
///
/// **Threads:** any.
final class LatestMeasures {
    /// For all monitors together. Whoever collects metrics gives up after 10 s (the default of Prometheus) and
    /// must get the rest even when a monitor hangs; a monitor answers within milliseconds unless it is starved.
    static final Duration ANSWER_LIMIT = Duration.ofSeconds(1);

    private final BiFunction<String, Duration, CompletableFuture<Measures>> ask;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Map<String, Told> last = new ConcurrentHashMap<>();

    private record Told(Instant at, long nanos, Measures measures) {}

    /// @param ask asks one monitor, with a limit for the answer
    /// @param clock for people
    /// @param nanos for ages
    LatestMeasures(
            BiFunction<String, Duration, CompletableFuture<Measures>> ask, InstantSource clock, LongSupplier nanos) {
        this.ask = ask;
        this.clock = clock;
        this.nanos = nanos;
    }

    /// Asks these monitors, all at once.
    List<Measured> of(Collection<String> monitors) throws InterruptedException {
        last.keySet().retainAll(monitors);
        var coming = new TreeMap<String, CompletableFuture<Measures>>();
        monitors.forEach(monitor -> coming.put(monitor, ask.apply(monitor, ANSWER_LIMIT)));
        long until = System.nanoTime() + ANSWER_LIMIT.toNanos();
        var all = new ArrayList<Measured>();
        for (var one : coming.entrySet()) {
            var monitor = one.getKey();
            var fresh = answer(one.getValue(), until - System.nanoTime());
            fresh.ifPresent(measures -> last.put(monitor, new Told(clock.instant(), nanos.getAsLong(), measures)));
            Optional.ofNullable(last.get(monitor))
                    .map(told -> new Measured(
                            monitor,
                            told.at(),
                            Duration.ofNanos(nanos.getAsLong() - told.nanos()),
                            fresh.isPresent(),
                            told.measures()))
                    .ifPresent(all::add);
        }
        return all;
    }

    private static Optional<Measures> answer(CompletableFuture<Measures> coming, long leftNanos)
            throws InterruptedException {
        try {
            return Optional.of(coming.get(Math.max(0, leftNanos), TimeUnit.NANOSECONDS));
        } catch (ExecutionException | TimeoutException missing) {
            // That it is missing is told by the age of what it said before.
            return Optional.empty();
        }
    }
}
