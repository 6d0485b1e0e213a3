package dev.mainstay.monitor.host;

import dev.mainstay.monitor.host.Incident.Call;
import dev.mainstay.monitor.host.Incident.Underway;
import dev.mainstay.protocol.Texts;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// Every call under way and its limit: one past its deadlock timeout costs the monitor its process.
///
/// A hanging system call cannot be stopped inside a process; a process can always be replaced, and the next one
/// adopts what this one started.
///
/// A call costs no timer of its own: a sweep looks at what is under way every [#SWEEP_MILLIS], for as long as
/// there is anything, and asks for a look at the very moment at which something falls due before the next sweep.
///
/// **Threads:** any.
final class Deadline {
    /// A call should return within this, in milliseconds: the field's own limit. Where a longer one stands then is
    /// kept.
    static final long SLOW_MILLIS = 300;

    /// Between two sweeps, in milliseconds: rare enough to cost nothing, shorter than [#SLOW_MILLIS].
    static final long SWEEP_MILLIS = 100;

    private static final int FRAMES_MAX = 60;
    private static final int UNDERWAY_MAX = 100;

    private final Time time;
    private final boolean limited;
    private final Measures measures;
    private final Consumer<Incident> incidents;
    private final Set<Running> running = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean sweeping = new AtomicBoolean();

    /// @param limited whether there are deadlines at all; under a debugger a call may take for ever
    /// @param incidents is told what ends the process; must not block
    Deadline(Time time, boolean limited, Measures measures, Consumer<Incident> incidents) {
        this.time = time;
        this.limited = limited;
        this.measures = measures;
        this.incidents = incidents;
    }

    /// Watches and measures a call of the current thread until the answer is closed.
    Watch watch(Call call) {
        return begin(new Running(call, Thread.currentThread(), true));
    }

    /// Watches something that another thread does until the answer is closed.
    Watch watch(Thread caller, Call call) {
        return begin(new Running(call, caller, false));
    }

    private Watch begin(Running one) {
        running.add(one);
        if (one.call.limitMillis() < 2 * SWEEP_MILLIS) {
            time.after(one.call.limitMillis(), () -> look(one));
        }
        sweepSoon();
        return one;
    }

    private void sweepSoon() {
        if (sweeping.compareAndSet(false, true)) {
            time.after(SWEEP_MILLIS, this::sweep);
        }
    }

    private void sweep() {
        for (var one : running) {
            look(one);
            one.nextDueMillis().filter(due -> due <= SWEEP_MILLIS).ifPresent(due -> time.after(due, () -> look(one)));
        }
        sweeping.set(false);
        if (!running.isEmpty()) {
            sweepSoon();
        }
    }

    private void look(Running one) {
        if (!running.contains(one)) {
            return;
        }
        if (limited && one.lastedNanos() >= one.call.limitMillis() * 1_000_000) {
            if (!one.declared.compareAndSet(false, true)) {
                return;
            }
            var others = underway().stream()
                    .filter(it -> !it.caller().equals(one.caller))
                    .toList();
            incidents.accept(new Incident.Overdue(one.underway(), one.lastedNanos() / 1_000_000, others));
        } else if (one.measured && one.slowStack.isEmpty() && one.lastedNanos() >= SLOW_MILLIS * 1_000_000) {
            one.slowStack = stack(one.caller);
        }
    }

    private static String stack(Thread thread) {
        return String.join("\n", Texts.frames(thread.getStackTrace(), FRAMES_MAX));
    }

    /// The calls under way, longest first, at most a hundred.
    List<Underway> underway() {
        return running.stream()
                .sorted(Comparator.comparingLong(one -> one.beganNanos))
                .limit(UNDERWAY_MAX)
                .map(Running::underway)
                .toList();
    }

    /// Ends the process because of a bug met while `resource` was handled.
    void bug(String resource, Throwable thrown) {
        incidents.accept(new Incident.Bug(resource, thrown));
    }

    private final class Running implements Watch {
        private final Call call;
        private final Thread caller;
        private final boolean measured;
        private final long beganNanos = time.nanos();
        private final AtomicBoolean declared = new AtomicBoolean();
        // Written by a look, read by the caller when its call ends.
        private volatile String slowStack = "";

        Running(Call call, Thread caller, boolean measured) {
            this.call = call;
            this.caller = caller;
            this.measured = measured;
        }

        long lastedNanos() {
            return time.nanos() - beganNanos;
        }

        Underway underway() {
            return new Underway(call, time.micros() - lastedNanos() / 1_000, caller);
        }

        /// In how many milliseconds something falls due, if anything.
        Optional<Long> nextDueMillis() {
            long lasted = lastedNanos() / 1_000_000;
            long toSlow = measured && slowStack.isEmpty() ? SLOW_MILLIS - lasted : Long.MAX_VALUE;
            long toLimit = limited ? call.limitMillis() - lasted : Long.MAX_VALUE;
            long next = Math.min(toSlow <= 0 ? Long.MAX_VALUE : toSlow, toLimit);
            return next > 0 && next < Long.MAX_VALUE ? Optional.of(next) : Optional.empty();
        }

        @Override
        public void close() {
            running.remove(this);
            if (measured) {
                measures.ended(call, lastedNanos() / 1_000, slowStack);
            }
        }
    }

    /// A watched call.
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }
}
