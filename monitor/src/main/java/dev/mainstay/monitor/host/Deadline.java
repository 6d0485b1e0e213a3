package dev.mainstay.monitor.host;

import java.util.StringJoiner;
import java.util.function.Consumer;

/// The limit of every call: one past its deadlock timeout leaves its evidence and costs the monitor its process.
///
/// A hanging system call cannot be stopped inside a process; a process can always be replaced, and the next one
/// adopts what this one started.
///
/// **Threads:** any.
final class Deadline {
    private final Time time;
    private final Consumer<String> exceeded;

    /// @param exceeded is told the evidence and ends the process
    Deadline(Time time, Consumer<String> exceeded) {
        this.time = time;
        this.exceeded = exceeded;
    }

    /// Watches a call of the current thread until the answer is closed.
    Watch watch(String resource, String call, long limitMillis) {
        return watch(Thread.currentThread(), resource, call, limitMillis);
    }

    /// Watches something that another thread does until the answer is closed.
    Watch watch(Thread caller, String resource, String call, long limitMillis) {
        var timer = time.after(limitMillis, () -> exceeded.accept(evidence(caller, resource, call, limitMillis)));
        return timer::cancel;
    }

    /// Ends the process because of a bug met while `resource` was handled.
    void bug(String resource, Throwable thrown) {
        var stack = new StringJoiner("\n    at ");
        stack.add("a bug while resource '%s' was handled: the monitor ends, the next one adopts its resources. %s"
                .formatted(resource, thrown));
        for (var frame : thrown.getStackTrace()) {
            stack.add(frame.toString());
        }
        exceeded.accept(stack.toString());
    }

    private static String evidence(Thread caller, String resource, String call, long limitMillis) {
        var stack = new StringJoiner("\n    at ");
        stack.add("entry point '%s' of resource '%s' has not returned for %d ms: the monitor ends, the next one adopts"
                        .formatted(call, resource, limitMillis)
                + " its resources. The thread stands");
        for (var frame : caller.getStackTrace()) {
            stack.add(frame.toString());
        }
        return stack.toString();
    }

    /// A watched call.
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }
}
