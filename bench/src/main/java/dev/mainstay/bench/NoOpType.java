package dev.mainstay.bench;

import dev.mainstay.spi.Abilities;
import dev.mainstay.spi.ControlAnswer;
import dev.mainstay.spi.ControlDescription;
import dev.mainstay.spi.ControlDescription.Access;
import dev.mainstay.spi.ControlRequest;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Operation;
import dev.mainstay.spi.Outcome;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceType;
import dev.mainstay.spi.TypeDescription;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicIntegerArray;

/// A resource type whose calls do nothing: what a benchmark measures with it is the monitor alone.
///
/// **Threads:** any.
public final class NoOpType implements ResourceType {
    /// Its name.
    static final String NAME = "no-op";

    /// A control of the type: answers how late LooksAlive began since it was asked before, and starts over.
    static final String LATE = "late";

    /// How many there were.
    static final String COUNT = "count";
    /// By how much 99.9 % of them were late at most, in microseconds.
    static final String P999_MICROS = "p999-micros";

    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final long STEP_MICROS = 100;
    private static final int STEPS = 100_000;

    private final AtomicIntegerArray late = new AtomicIntegerArray(STEPS);
    private volatile long sinceNanos = System.nanoTime();

    @Override
    public TypeDescription describe() {
        return TypeDescription.of(NAME, "1", "Does nothing.", List.of())
                .with(Abilities.NONE.answering(
                        ControlDescription.ofType(LATE, Access.READ, "Asks how late LooksAlive began.")));
    }

    @Override
    public ControlAnswer resourceTypeControl(ControlRequest request) {
        if (!request.code().equals(LATE)) {
            return ControlAnswer.notSupported();
        }
        sinceNanos = System.nanoTime();
        var counts = new int[STEPS];
        long count = 0;
        for (int i = 0; i < STEPS; i++) {
            counts[i] = late.getAndSet(i, 0);
            count += counts[i];
        }
        int step = 0;
        for (long within = counts[0]; within < count * 0.999; within += counts[step]) {
            step++;
        }
        return ControlAnswer.done(Map.of(
                COUNT, List.of(Long.toString(count)), P999_MICROS, List.of(Long.toString((step + 1) * STEP_MICROS))));
    }

    /// Each is planned an interval after the end of the one before.
    private void began(long endedBeforeNanos) {
        if (endedBeforeNanos - sinceNanos >= 0) {
            long lateNanos = System.nanoTime() - endedBeforeNanos - INTERVAL.toNanos();
            late.incrementAndGet(Math.clamp(lateNanos / 1_000 / STEP_MICROS, 0, STEPS - 1));
        }
    }

    @Override
    public EntryPoints open(ResourceContext context) {
        return new NoOp();
    }

    private final class NoOp implements EntryPoints {
        // Calls of one resource never overlap, but each has another thread.
        private volatile long endedNanos = sinceNanos - 1;

        @Override
        public Outcome online(Operation operation) {
            return Outcome.DONE;
        }

        @Override
        public Outcome offline(Operation operation) {
            return Outcome.DONE;
        }

        @Override
        public void terminate(Reason reason) {}

        @Override
        public Health looksAlive() {
            began(endedNanos);
            endedNanos = System.nanoTime();
            return Health.alive();
        }

        @Override
        public Health isAlive() {
            return Health.alive();
        }

        @Override
        public ControlAnswer resourceControl(ControlRequest request) {
            return ControlAnswer.done();
        }

        @Override
        public void close() {}
    }
}
