package dev.mainstay.service.node;

import dev.mainstay.service.monitors.MonitorSetup;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Which monitors run: those that host something or are meant to, and for a while those that just did.
///
/// **Threads:** one.
final class MonitorNeeds {
    /// A group that is taken offline and online again finds its monitor still there; memory is given back within
    /// minutes.
    static final Duration IDLE_LIMIT = Duration.ofSeconds(60);

    private final Desks desks;
    private final Map<String, MonitorSetup> needed = new TreeMap<>();
    private final Map<String, Long> idleSince = new TreeMap<>();

    MonitorNeeds(Desks desks) {
        this.desks = desks;
    }

    /// @param wanted those that host something or are meant to
    void compare(Map<String, MonitorSetup> wanted, Set<String> hosting, long nowNanos) {
        wanted.forEach((name, setup) -> {
            idleSince.remove(name);
            if (!setup.equals(needed.put(name, setup))) {
                desks.need(name, setup);
            }
        });
        for (var name : Set.copyOf(needed.keySet())) {
            if (wanted.containsKey(name) || hosting.contains(name)) {
                continue;
            }
            long since = idleSince.computeIfAbsent(name, _ -> nowNanos);
            if (nowNanos - since >= IDLE_LIMIT.toNanos()) {
                needed.remove(name);
                idleSince.remove(name);
                desks.release(name);
            }
        }
    }

    /// A monitor that an earlier cluster service started runs: it ends when nothing is in it.
    void takenUp(String name) {
        needed.putIfAbsent(name, MonitorSetup.USUAL);
    }
}
