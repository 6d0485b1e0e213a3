package dev.mainstay.service.http;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// All clients of the API at the moment, and what they may take of it: nobody's slowness may cost another.
///
/// Where a limit is reached, who came last is served and who has kept the others waiting longest is sent away: a
/// client that speaks at once needs milliseconds, so the ones that stay long are those that do not speak.
///
/// **Threads:** any; one daemon thread looks for clients whose time is over.
final class Clients implements AutoCloseable {
    /// Connections of one user at once.
    static final int MOST_OF_ONE_USER = 256;

    /// Connections of all users at once; each has a virtual thread and a descriptor.
    static final int MOST = 512;

    /// Bytes of bodies and answers that are held for connections that are still sending or receiving them.
    static final long MOST_HELD = 64L * 1024 * 1024;

    /// Time for a whole head and for a whole body: over a Unix socket both arrive within milliseconds.
    static final Duration READ_LIMIT = Duration.ofSeconds(10);

    /// Time for a client to take its whole answer, and each piece of a stream.
    static final Duration WRITE_LIMIT = Duration.ofSeconds(30);

    /// Time that a connection may be open between two requests.
    static final Duration IDLE_LIMIT = Duration.ofSeconds(60);

    /// How often the limits are looked at.
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(250);

    private final Set<Connection> all = ConcurrentHashMap.newKeySet();
    private final Thread watch = Thread.ofPlatform().daemon().name("api-limits").unstarted(this::watch);
    /// Volatile: set by whoever closes.
    private volatile boolean closed;

    void start() {
        watch.start();
    }

    /// Takes a new connection in, in place of the one that has waited longest if there is no room.
    synchronized void add(Connection added) {
        Predicate<Connection> same = one -> one.user().equals(added.user());
        if (all.stream().filter(same).count() >= MOST_OF_ONE_USER) {
            longest(same).ifPresent(this::sendAway);
        } else if (all.size() >= MOST) {
            longest(one -> one.user().equals(greediest())).ifPresent(this::sendAway);
        }
        all.add(added);
    }

    void remove(Connection gone) {
        all.remove(gone);
    }

    /// Makes room when too much is held for slow clients: who has been slow longest is sent away.
    synchronized void weigh() {
        while (all.stream().mapToLong(Connection::held).sum() > MOST_HELD) {
            var slowest =
                    all.stream().filter(one -> one.held() > 0).min(Comparator.comparingLong(Connection::sinceNanos));
            if (slowest.isEmpty()) {
                return;
            }
            sendAway(slowest.get());
        }
    }

    int count() {
        return all.size();
    }

    private Optional<Connection> longest(Predicate<Connection> among) {
        return all.stream()
                .filter(among)
                .min(Comparator.comparing(Connection::doing).thenComparingLong(Connection::sinceNanos));
    }

    private String greediest() {
        Map<String, Integer> counts = new HashMap<>();
        all.forEach(one -> counts.merge(one.user(), 1, Integer::sum));
        return counts.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse("");
    }

    private void sendAway(Connection one) {
        all.remove(one);
        one.shut();
    }

    private void watch() {
        while (!closed) {
            try {
                TimeUnit.NANOSECONDS.sleep(LOOK_INTERVAL.toNanos());
            } catch (InterruptedException ended) {
                return;
            }
            var now = System.nanoTime();
            all.forEach(one -> one.look(now));
        }
    }

    @Override
    public void close() {
        closed = true;
        watch.interrupt();
        all.forEach(this::sendAway);
    }
}
