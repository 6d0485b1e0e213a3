package dev.mainstay.types.address;

import dev.mainstay.linux.RouteSocket;
import dev.mainstay.linux.RouteWatch;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// Hears from the kernel what happens to the addresses of all resources of the type in this monitor.
///
/// **Threads:** [#watch] and [#forget] from any; what is raised comes on the watching thread.
final class AddressWatch {
    private static final System.Logger LOG = System.getLogger(AddressWatch.class.getName());

    private record Watched(Held held, Consumer<String> raise) {}

    /// By resource.
    private final Map<String, Watched> watched = new ConcurrentHashMap<>();
    // guarded by this; made when the first address is watched, and kept as long as the monitor lives
    private boolean listening;

    /// Tells by `raise` what happens to the address, also what happened before this call.
    void watch(String resource, Held held, Consumer<String> raise) throws IOException {
        listen();
        watched.put(resource, new Watched(held, raise));
        held.trouble().ifPresent(raise);
    }

    void forget(String resource) {
        watched.remove(resource);
    }

    @SuppressWarnings("resource") // lives as long as the monitor
    private synchronized void listen() throws IOException {
        if (!listening) {
            var _ = new RouteWatch(this::changed);
            listening = true;
        }
    }

    /// Events only say where to look: what is raised is what is so when one looks, once for many events.
    private void changed(RouteWatch.Changes changes) {
        var affected = watched.values().stream()
                .filter(one -> changes.everything()
                        || changes.links().contains(one.held().link())
                        || changes.addresses().contains(one.held().address()))
                .toList();
        if (affected.isEmpty()) {
            return;
        }
        try (var socket = new RouteSocket()) {
            var network = Network.read(socket);
            affected.forEach(one -> one.held().trouble(network).ifPresent(one.raise()));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "a change of the network cannot be read", e);
            affected.forEach(one -> one.raise().accept("the network's state cannot be read: " + e.getMessage()));
        }
    }
}
