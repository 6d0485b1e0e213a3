package dev.mainstay.monitor.host;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Iterator;
import java.util.Queue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Makes the checks that fall due together on one virtual thread, one after another.
///
/// To wake a thread costs more than a check that finds all well, so thousands of resources must not wake one each.
/// A check that lasts keeps nobody waiting for long: the next [#make] leaves it alone on its thread, and those
/// behind it go on without it.
///
/// **Threads:** any; [#make] never blocks.
final class Rounds {
    /// What lasts longer is left alone, in nanoseconds: a hundred times what an answer from memory takes, and not
    /// felt by what comes after it.
    static final long LASTING_NANOS = 5_000_000;

    private final LongSupplier nanos;
    private final boolean apart;
    private final Queue<Iterator<? extends Runnable>> waiting = new ArrayDeque<>();
    // Guarded by this: the round that takes what waits, if there is one.
    private @Nullable Round current;

    /// @param nanos a clock that never jumps
    /// @param apart whether each of those behind one that lasts gets a thread of its own, since more of them may
    ///     last; otherwise they go on together
    Rounds(LongSupplier nanos, boolean apart) {
        this.nanos = nanos;
        this.apart = apart;
    }

    /// Makes checks as soon as those before have been made.
    ///
    /// @param checks not changed any more
    /// @return whether there are checks to be made: then this must be called again within a short time, at least
    ///     with none
    synchronized boolean make(Collection<? extends Runnable> checks) {
        var before = current;
        if (before != null && nanos.getAsLong() - before.beganNanos >= LASTING_NANOS) {
            for (var check = apart ? next(before) : null; check != null; check = next(before)) {
                Thread.ofVirtual().name("check").start(check);
            }
            current = null;
        }
        if (!checks.isEmpty()) {
            waiting.add(checks.iterator());
        }
        if (current == null && !waiting.isEmpty()) {
            current = new Round();
            Thread.ofVirtual().name("checks").start(current);
        }
        return current != null;
    }

    /// The next check of the round, if there is one and the round was not left alone; otherwise it is over.
    private synchronized @Nullable Runnable next(Round round) {
        while (current == round) {
            var checks = waiting.peek();
            if (checks == null) {
                current = null;
            } else if (checks.hasNext()) {
                round.beganNanos = nanos.getAsLong();
                return checks.next();
            } else {
                waiting.remove();
            }
        }
        return null;
    }

    private final class Round implements Runnable {
        // Guarded by the rounds: since when the check lasts that it makes.
        private long beganNanos = nanos.getAsLong();

        @Override
        public void run() {
            for (var check = next(this); check != null; check = next(this)) {
                check.run();
            }
        }
    }
}
