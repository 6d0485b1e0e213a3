package dev.mainstay.linux;

import java.io.IOException;

/// Tells at once when something is mounted, unmounted or remounted.
///
/// **Threads:** one of its own, on which `told` runs; it must not block.
public final class MountWatch implements AutoCloseable {
    /// What poll(2) calls "priority" is how the table of mounts tells that it changed.
    private static final int CHANGED = 2;

    /// A file system that the kernel itself makes read-only after an error does not count as a change.
    private static final long SILENT_CHANGES_MILLIS = 5_000;

    private final KernelEvents events;

    /// Begins to watch.
    public MountWatch(Runnable told) throws IOException {
        events = new KernelEvents(
                "mount-watch",
                Descriptor.openForReading("/proc/self/mountinfo"),
                CHANGED,
                SILENT_CHANGES_MILLIS,
                _ -> told.run());
    }

    @Override
    public void close() {
        events.close();
    }
}
