package dev.mainstay.types.node;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// What the resources of one type hold on this node in this monitor, and who is to be told when it is in trouble.
///
/// All of them hear of it by one source of kernel events, which begins with the first and lasts as long as the
/// monitor.
///
/// **Threads:** any.
///
/// @param <H> what one resource holds
public final class Watched<H> {
    private final Map<String, One<H>> byResource = new ConcurrentHashMap<>();
    private final Source source;
    // guarded by this
    private boolean listening;

    /// What one resource holds.
    ///
    /// @param raise is told, in words, what is the matter with it
    public record One<H>(H held, Consumer<String> raise) {}

    /// Begins to hear of events.
    @FunctionalInterface
    public interface Source {
        /// Called once, before the first resource is watched; again after it failed.
        void listen() throws IOException;
    }

    /// Nothing is watched yet.
    public Watched(Source source) {
        this.source = source;
    }

    /// Watches what a resource holds from now on.
    public void add(String resource, H held, Consumer<String> raise) throws IOException {
        listen();
        byResource.put(resource, new One<>(held, raise));
    }

    /// Watches it no more.
    public void forget(String resource) {
        byResource.remove(resource);
    }

    /// Everything that is watched.
    public Collection<One<H>> all() {
        return byResource.values();
    }

    private synchronized void listen() throws IOException {
        if (!listening) {
            source.listen();
            listening = true;
        }
    }
}
