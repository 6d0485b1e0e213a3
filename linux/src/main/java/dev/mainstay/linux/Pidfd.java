package dev.mainstay.linux;

import java.util.Optional;

/// A handle on one process that stays with it: once open, a signal can never reach another process of that pid.
///
/// **Threads:** any thread; not to be used after [#close].
public final class Pidfd implements AutoCloseable {
    private final long descriptor;

    private Pidfd(long descriptor) {
        this.descriptor = descriptor;
    }

    /// Opens the process of that pid and start time; empty when it has ended or the pid is another's by now.
    ///
    /// The start time is read again after opening: from then on the handle cannot change its process.
    public static Optional<Pidfd> open(long pid, long startTicks) {
        if (!ProcessTable.alive(pid, startTicks)) {
            return Optional.empty();
        }
        var descriptor = SystemCall.call(SystemCall.PIDFD_OPEN, pid, 0);
        if (descriptor == -SystemCall.ESRCH) {
            return Optional.empty();
        }
        if (descriptor < 0) {
            throw new IllegalStateException(
                    "opening a handle on process %d: the kernel answers error %d".formatted(pid, -descriptor));
        }
        var handle = new Pidfd(descriptor);
        if (ProcessTable.alive(pid, startTicks)) {
            return Optional.of(handle);
        }
        handle.close();
        return Optional.empty();
    }

    /// The handle with which the kernel answered when it made the process.
    static Pidfd held(long descriptor) {
        return new Pidfd(descriptor);
    }

    /// Sends the signal; false when the process has ended.
    ///
    /// **Errors:** `IllegalStateException` when the kernel forbids it.
    public boolean send(Signal signal) {
        var answer = SystemCall.call(SystemCall.PIDFD_SEND_SIGNAL, descriptor, signal.number(), 0, 0);
        if (answer < 0 && answer != -SystemCall.ESRCH) {
            throw new IllegalStateException(
                    "sending signal %s: the kernel answers error %d".formatted(signal, -answer));
        }
        return answer >= 0;
    }

    long descriptor() {
        return descriptor;
    }

    @Override
    public void close() {
        SystemCall.call(SystemCall.NUMBERS.close(), descriptor);
    }
}
