package dev.mainstay.types.filesystem;

import dev.mainstay.linux.MountTable;
import dev.mainstay.linux.MountWatch;
import dev.mainstay.types.node.Watched;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/// Hears from the kernel what happens to the mounts of all resources of the type in this monitor.
///
/// **Threads:** [#watch] and [#forget] from any; what is raised comes on the watching thread.
final class MountedWatch {
    private static final System.Logger LOG = System.getLogger(MountedWatch.class.getName());

    private final Watched<Held> watched = new Watched<>(this::listen);

    /// Tells by `raise` what happens to the mount, also what happened before this call.
    void watch(String resource, Held held, Consumer<String> raise) throws IOException {
        watched.add(resource, held, raise);
        held.trouble(MountTable.read()).ifPresent(raise);
    }

    void forget(String resource) {
        watched.forget(resource);
    }

    @SuppressWarnings("resource") // lives as long as the monitor
    private void listen() throws IOException {
        var _ = new MountWatch(this::changed);
    }

    private void changed() {
        if (watched.all().isEmpty()) {
            return;
        }
        try {
            var table = MountTable.read();
            watched.all().forEach(one -> one.held().trouble(table).ifPresent(one.raise()));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "a change of the mounts cannot be read", e);
        }
    }
}
