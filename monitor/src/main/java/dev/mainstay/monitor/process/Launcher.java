package dev.mainstay.monitor.process;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Forks every process from one thread that lives as long as the monitor.
///
/// The kernel ties some promises to the thread that forked (a parent-death signal, for one), so no short-lived
/// thread may do it. One fork takes about a millisecond.
final class Launcher implements AutoCloseable {
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("process-launcher").factory());

    Process start(ProcessBuilder builder) throws IOException {
        // a cancelled caller must not leave an unrecorded process behind, so the wait itself is not cut short
        var forked = thread.submit(builder::start);
        var interrupted = false;
        try {
            while (true) {
                try {
                    return forked.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw new IOException(cause.getMessage(), cause);
            }
            throw new IllegalStateException("a process could not be started", e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
