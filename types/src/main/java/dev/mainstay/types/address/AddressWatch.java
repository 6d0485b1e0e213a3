package dev.mainstay.types.address;

import dev.mainstay.linux.RouteSocket;
import dev.mainstay.linux.RouteWatch;
import dev.mainstay.types.node.Watched;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/// Hears from the kernel what happens to the addresses of all resources of the type in this monitor.
///
/// **Threads:** [#watch] and [#forget] from any; what is raised comes on the watching thread.
final class AddressWatch {
    private static final System.Logger LOG = System.getLogger(AddressWatch.class.getName());

    private final Watched<Held> watched = new Watched<>(this::listen);

    /// Tells by `raise` what happens to the address, also what happened before this call.
    void watch(String resource, Held held, Consumer<String> raise) throws IOException {
        watched.add(resource, held, raise);
        held.trouble().ifPresent(raise);
    }

    void forget(String resource) {
        watched.forget(resource);
    }

    @SuppressWarnings("resource") // lives as long as the monitor
    private void listen() throws IOException {
        var _ = new RouteWatch(this::changed);
    }

    /// Events only say where to look: what is raised is what is so when one looks, once for many events.
    private void changed(RouteWatch.Changes changes) {
        var affected = watched.all().stream()
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
