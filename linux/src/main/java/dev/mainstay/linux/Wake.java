package dev.mainstay.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;

/// Ends the wait of a thread that waits for events of the kernel: a counter of eventfd(2), ready once it was rung.
///
/// **Threads:** [#ring] from any, until [#close].
final class Wake implements AutoCloseable {
    private final long descriptor;

    /// @param purpose what is waited for, in words of an error
    Wake(String purpose) {
        descriptor = SystemCall.demand(purpose, SystemCall.NUMBERS.eventCounter(), 0, Descriptor.CLOSE_ON_EXEC);
    }

    /// What to wait for beside the events.
    long descriptor() {
        return descriptor;
    }

    void ring() {
        try (var arena = Arena.ofConfined()) {
            var one = arena.allocate(JAVA_LONG);
            one.set(JAVA_LONG, 0, 1);
            SystemCall.call(SystemCall.NUMBERS.write(), descriptor, one.address(), Long.BYTES);
        }
    }

    @Override
    public void close() {
        SystemCall.call(SystemCall.NUMBERS.close(), descriptor);
    }
}
