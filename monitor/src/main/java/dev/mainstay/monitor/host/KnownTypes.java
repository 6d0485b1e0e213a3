package dev.mainstay.monitor.host;

import dev.mainstay.protocol.ToMonitor;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The resource types of a host, as the last look for them found them.
///
/// **Threads:** any; looks wait for each other.
final class KnownTypes {
    private final TypeSource source;
    private final Hosting hosting;
    // Replaced as a whole under the lock, read by whoever opens a resource.
    private volatile Known known = new Known(Map.of(), List.of());
    private Optional<ToMonitor.Starting> latest = Optional.empty();

    private record Known(Map<String, HostedType> byName, List<String> refused) {}

    KnownTypes(TypeSource source, Hosting hosting) {
        this.source = source;
        this.hosting = hosting;
        look();
    }

    /// Looks again. What has not changed stays what it is; types that are gone or were replaced serve their open
    /// instances on.
    synchronized void look() {
        var look = source.look();
        Map<String, HostedType> found = new TreeMap<>();
        for (var type : look.types()) {
            var name = type.description().name();
            var before = known.byName().get(name);
            found.put(name, before != null && before.isOf(type) ? before : fresh(type));
        }
        known = new Known(Collections.unmodifiableMap(found), look.refused());
        for (var reason : look.refused()) {
            hosting.voice().log(Level.WARNING, "", reason);
        }
    }

    private HostedType fresh(TypeSource.Found found) {
        var type = new HostedType(found);
        latest.ifPresent(starting -> type.hear(starting, hosting));
        return type;
    }

    /// Tells every type how far the cluster service is; those found later hear it, too.
    void hear(ToMonitor.Starting starting) {
        synchronized (this) {
            latest = Optional.of(starting);
        }
        all().forEach(type -> type.hear(starting, hosting));
    }

    Optional<HostedType> named(String name) {
        return Optional.ofNullable(known.byName().get(name));
    }

    Collection<HostedType> all() {
        return known.byName().values();
    }

    /// What could not be used, each with the reason.
    List<String> refused() {
        return known.refused();
    }

    /// The names, for whoever asked for another.
    String names() {
        var names = known.byName().keySet();
        return names.isEmpty() ? "none" : String.join(", ", names);
    }
}
