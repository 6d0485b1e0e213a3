package dev.mainstay.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// Tells within milliseconds when a process ends, whether it is a child of this one or not.
///
/// One thread waits for all of them; the JDK's own watch polls once in some seconds for what is no child.
///
/// **Threads:** [#watch] from any thread. The callbacks run on the watching thread one after another and must not
/// block.
public final class ExitWatch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ExitWatch.class.getName());
    private static final int EVENTS_AT_ONCE = 64;
    private static final int ADD = 1;
    private static final int DELETE = 2;
    private static final int READABLE = 1;
    private static final long FOR_EVER = -1;

    private record Watched(Pidfd process, Runnable told) {}

    private final Map<Long, Watched> watched = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final long epoll;
    // Guarded by this: what the kernel reads when something is added or taken out.
    private final MemorySegment event = SystemCall.allocate(Arena.ofAuto(), SystemCall.NUMBERS.eventBytes());
    private final Wake wake = new Wake("watching processes");

    /// Starts the watching thread.
    public ExitWatch() {
        var numbers = SystemCall.NUMBERS;
        epoll = SystemCall.demand("watching processes", numbers.epollCreate(), Descriptor.CLOSE_ON_EXEC);
        control(ADD, wake.descriptor());
        Thread.ofPlatform().daemon().name("exit-watch").start(this::watchAll);
    }

    /// Calls `told` once when the process has ended, at once on the caller's thread if that is so already.
    public void watch(long pid, long startTicks, Runnable told) {
        var process = Pidfd.open(pid, startTicks);
        if (process.isEmpty()) {
            told.run();
            return;
        }
        watch(process.get(), told);
    }

    /// Calls `told` once when the process of that handle has ended, and closes the handle before.
    void watch(Pidfd process, Runnable told) {
        watched.put(process.descriptor(), new Watched(process, told));
        control(ADD, process.descriptor());
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            wake.ring();
        }
    }

    private void watchAll() {
        var numbers = SystemCall.NUMBERS;
        try (var arena = Arena.ofConfined()) {
            var events = SystemCall.allocate(arena, (long) EVENTS_AT_ONCE * numbers.eventBytes());
            while (!closed.get()) {
                var count =
                        SystemCall.call(numbers.epollWait(), epoll, events.address(), EVENTS_AT_ONCE, FOR_EVER, 0, 0);
                if (count < 0 && count != -SystemCall.EINTR) {
                    throw new IllegalStateException("waiting for the end of processes failed with error " + -count);
                }
                for (long i = 0; i < count; i++) {
                    var at = i * numbers.eventBytes() + numbers.eventDataOffset();
                    ended(events.get(JAVA_LONG_UNALIGNED, at));
                }
            }
        }
        watched.values().forEach(one -> one.process().close());
        SystemCall.call(numbers.close(), epoll);
        wake.close();
    }

    private void ended(long descriptor) {
        var one = watched.remove(descriptor);
        if (one == null) {
            return;
        }
        control(DELETE, descriptor);
        one.process().close();
        try {
            one.told().run();
        } catch (RuntimeException bug) {
            LOG.log(Level.ERROR, "telling of the end of a process failed", bug);
        }
    }

    private synchronized void control(int operation, long descriptor) {
        var numbers = SystemCall.NUMBERS;
        event.set(JAVA_INT_UNALIGNED, 0, READABLE);
        event.set(JAVA_LONG_UNALIGNED, numbers.eventDataOffset(), descriptor);
        SystemCall.demand("watching processes", numbers.epollControl(), epoll, operation, descriptor, event.address());
    }
}
