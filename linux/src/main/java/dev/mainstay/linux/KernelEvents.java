package dev.mainstay.linux;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;

/// One thread that waits for what a descriptor has to tell.
///
/// **Threads:** `told` runs on that thread, one call after another; it must not block.
final class KernelEvents implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(KernelEvents.class.getName());

    /// What is done at each event.
    interface Told {
        /// @param event false when nothing happened for as long as the longest wait
        void run(boolean event) throws IOException;
    }

    private final Descriptor source;
    private final int events;
    private final long longestWaitMillis;
    private final Told told;
    private final Wake wake = new Wake("waiting for events");
    private final AtomicBoolean closed = new AtomicBoolean();

    /// Starts the thread; the source belongs to it from now on.
    ///
    /// @param events what to wait for, as in poll(2)
    KernelEvents(String name, Descriptor source, int events, long longestWaitMillis, Told told) {
        this.source = source;
        this.events = events;
        this.longestWaitMillis = longestWaitMillis;
        this.told = told;
        Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    private void run() {
        while (!closed.get()) {
            var event = source.await(events, wake.descriptor(), longestWaitMillis);
            try {
                if (!closed.get()) {
                    told.run(event);
                }
            } catch (IOException | RuntimeException e) {
                LOG.log(Level.ERROR, "an event of the kernel could not be told", e);
            }
        }
        source.close();
        wake.close();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            wake.ring();
        }
    }
}
