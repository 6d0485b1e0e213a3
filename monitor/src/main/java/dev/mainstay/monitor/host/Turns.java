package dev.mainstay.monitor.host;

import dev.mainstay.monitor.entry.EntryPoint;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.StampedLock;

/// The turns of one type: keeps entry points waiting that must not overlap, as [EntryPoint#mayOverlap] says.
///
/// **Threads:** any; a turn is given back on the thread that took it.
/// **Time:** a call waits for as long as what it waits for lasts, which has a deadlock timeout of its own.
final class Turns {
    private final boolean independent;
    private final StampedLock life = new StampedLock();
    private final ReentrantLock one = new ReentrantLock(true);
    private final StampedLock noTerminate = new StampedLock();

    /// @param independent whether calls of different resources may run at the same time
    Turns(boolean independent) {
        this.independent = independent;
    }

    /// The turns of one resource of the type.
    OfResource ofResource() {
        return new OfResource();
    }

    /// Takes what a call of the type needs before it may run.
    Turn take(EntryPoint call) {
        return switch (call) {
            case STARTUP -> held(life.asWriteLock());
            case TYPE_CONTROL -> held(life.asReadLock(), one);
            case OPEN,
                    CLOSE,
                    ONLINE,
                    OFFLINE,
                    TERMINATE,
                    LOOKS_ALIVE,
                    IS_ALIVE,
                    ARBITRATE,
                    RELEASE,
                    RESOURCE_CONTROL,
                    CANCEL -> throw new IllegalArgumentException(call + " concerns a resource");
        };
    }

    private static Turn held(Lock... locks) {
        for (var lock : locks) {
            lock.lock();
        }
        return () -> {
            for (int i = locks.length - 1; i >= 0; i--) {
                locks[i].unlock();
            }
        };
    }

    /// The turns of one resource.
    final class OfResource {
        private final ReentrantLock terminates = new ReentrantLock(true);
        private final Lock ownOne = independent ? new ReentrantLock(true) : one;
        private final StampedLock ownNoTerminate = independent ? new StampedLock() : noTerminate;

        /// Takes what a call of this resource needs before it may run.
        Turn take(EntryPoint call) {
            return held(locks(call));
        }

        /// Runs `body` in the turn of `call` if that is free now; answers whether it was.
        boolean tryTake(EntryPoint call, Runnable body) {
            var taken = new ArrayDeque<Lock>();
            try {
                for (var lock : locks(call)) {
                    if (!lock.tryLock()) {
                        return false;
                    }
                    taken.push(lock);
                }
                body.run();
                return true;
            } finally {
                taken.forEach(Lock::unlock);
            }
        }

        private Lock[] locks(EntryPoint call) {
            return switch (call) {
                case OPEN ->
                    independent
                            ? new Lock[] {life.asReadLock(), one, ownOne, ownNoTerminate.asWriteLock()}
                            : new Lock[] {life.asReadLock(), one, noTerminate.asWriteLock()};
                case CLOSE -> new Lock[] {life.asReadLock(), ownOne, ownNoTerminate.asWriteLock()};
                case TERMINATE -> new Lock[] {life.asReadLock(), terminates, ownNoTerminate.asReadLock()};
                case ONLINE, OFFLINE, LOOKS_ALIVE, IS_ALIVE, ARBITRATE, RELEASE, RESOURCE_CONTROL, CANCEL ->
                    new Lock[] {life.asReadLock(), ownOne};
                case STARTUP, TYPE_CONTROL -> throw new IllegalArgumentException(call + " concerns a type");
            };
        }
    }

    /// The right to run a call.
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }
}
