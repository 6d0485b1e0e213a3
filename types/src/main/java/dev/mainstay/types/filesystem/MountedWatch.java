package dev.mainstay.types.filesystem;

import dev.mainstay.linux.MountTable;
import dev.mainstay.linux.MountWatch;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// Hears from the kernel what happens to the mounts of all resources of the type in this monitor.
///
/// **Threads:** [#watch] and [#forget] from any; what is raised comes on the watching thread.
final class MountedWatch {
    private static final System.Logger LOG = System.getLogger(MountedWatch.class.getName());

    private record Watched(Held held, Consumer<String> raise) {}

    /// By resource.
    private final Map<String, Watched> watched = new ConcurrentHashMap<>();
    // guarded by this; made when the first mount is watched, and kept as long as the monitor lives
    private boolean listening;

    /// Tells by `raise` what happens to the mount, also what happened before this call.
    void watch(String resource, Held held, Consumer<String> raise) throws IOException {
        listen();
        watched.put(resource, new Watched(held, raise));
        held.trouble(MountTable.read()).ifPresent(raise);
    }

    void forget(String resource) {
        watched.remove(resource);
    }

    @SuppressWarnings("resource") // lives as long as the monitor
    private synchronized void listen() throws IOException {
        if (!listening) {
            var _ = new MountWatch(this::changed);
            listening = true;
        }
    }

    private void changed() {
        if (watched.isEmpty()) {
            return;
        }
        try {
            var table = MountTable.read();
            watched.values().forEach(one -> one.held().trouble(table).ifPresent(one.raise()));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "a change of the mounts cannot be read", e);
        }
    }
}
