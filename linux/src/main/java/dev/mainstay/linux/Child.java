package dev.mainstay.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/// A program that this process started; it is collected here, and nowhere else, when it has ended.
public final class Child {
    private static final long BY_PID = 1;
    private static final long ENDED = 4;
    private static final long CHILD_ENDED = 17;
    private static final long STANDARD_ACTION_BYTES = 32;
    private static final long SIGNAL_SET_BYTES = 8;
    private static final long TOLD_BYTES = 128;
    private static final long HOW_AT = 8;
    private static final long STATUS_AT = 24;
    private static final int BY_ITSELF = 1;
    /// What a shell adds for a signal.
    private static final int SIGNALLED = 128;

    private static final AtomicBoolean COLLECTABLE = new AtomicBoolean();

    private final long pid;
    private final Pidfd handle;

    Child(long pid, Pidfd handle) {
        this.pid = pid;
        this.handle = handle;
    }

    /// Its pid; no other process has it before this one was collected.
    public long pid() {
        return pid;
    }

    /// Its exit code, 128 + n when ended by signal n, once it has ended; then it is collected.
    ///
    /// **Order:** once. The future is completed on the watching thread, where nothing may block.
    public CompletableFuture<Integer> exit(ExitWatch watch) {
        var exit = new CompletableFuture<Integer>();
        watch.watch(handle, () -> exit.complete(collect()));
        return exit;
    }

    /// Kills it and collects it.
    ///
    /// **Order:** instead of [#exit].
    public void end() {
        kill();
        discard();
    }

    /// Kills it.
    void kill() {
        handle.send(Signal.KILL);
    }

    /// Collects it without asking how it ended, which is now.
    void discard() {
        collect();
        handle.close();
    }

    private int collect() {
        try (var arena = Arena.ofConfined()) {
            var told = SystemCall.allocate(arena, TOLD_BYTES);
            var answer = -1L;
            do {
                answer = SystemCall.call(SystemCall.WAIT_FOR_CHILD, BY_PID, pid, told.address(), ENDED, 0);
            } while (answer == -SystemCall.EINTR);
            if (answer < 0) {
                throw new IllegalStateException("collecting child %d: %s".formatted(pid, ErrorNumber.words(-answer)));
            }
            var status = told.get(JAVA_INT, STATUS_AT);
            return told.get(JAVA_INT, HOW_AT) == BY_ITSELF ? status : SIGNALLED + status;
        }
    }

    /// Whoever started us may have ignored the signal of a child's end; then the kernel would forget how it ended.
    static void makeCollectable() {
        if (COLLECTABLE.compareAndSet(false, true)) {
            try (var arena = Arena.ofConfined()) {
                var before = SystemCall.allocate(arena, STANDARD_ACTION_BYTES);
                SystemCall.demand(
                        "asking what follows the end of a child",
                        SystemCall.SIGNAL_ACTION,
                        CHILD_ENDED,
                        0,
                        before.address(),
                        SIGNAL_SET_BYTES);
                var ignored = before.get(java.lang.foreign.ValueLayout.JAVA_LONG, 0) == 1;
                if (ignored) {
                    var standard = SystemCall.allocate(arena, STANDARD_ACTION_BYTES);
                    SystemCall.demand(
                            "having children collected",
                            SystemCall.SIGNAL_ACTION,
                            CHILD_ENDED,
                            standard.address(),
                            0,
                            SIGNAL_SET_BYTES);
                }
            }
        }
    }
}
