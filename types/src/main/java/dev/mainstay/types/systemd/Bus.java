package dev.mainstay.types.systemd;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.freedesktop.dbus.connections.IDisconnectCallback;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.interfaces.DBus.NameOwnerChanged;
import org.freedesktop.dbus.interfaces.Properties;
import org.freedesktop.dbus.interfaces.Properties.PropertiesChanged;
import org.jspecify.annotations.Nullable;

/// One connection to a bus with a systemd on it, shared by all resources of this monitor that name the same bus.
///
/// A connection that is lost is made again, sooner first and then every few seconds, until nobody watches a unit
/// any more; each watcher is told when it is back, because what happened meanwhile was not heard.
///
/// **Threads:** any; watchers are told on the library's one signal thread and must not wait there for the bus.
/// **Time:** a call takes at most the 20 s of the library.
final class Bus {
    private static final Logger LOG = System.getLogger(Bus.class.getName());
    private static final int CONNECT_MILLIS = 1000;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private static final Set<String> AWAY =
            Set.of("ServiceUnknown", "NoReply", "Disconnected", "NameHasNoOwner", "NotConnected", "Timeout");
    private static final Map<String, Bus> SHARED = new HashMap<>();

    /// Who wants to know of one unit.
    interface Watcher {
        /// The unit's state may have changed: `active` is its new ActiveState, or empty when it must be asked for.
        void changed(String active);

        /// A job of the unit is over.
        void jobRemoved(String job, String result);
    }

    /// The bus or systemd cannot be reached now.
    static final class Lost extends Exception {
        private static final long serialVersionUID = 1;

        Lost(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    private record Watched(String unit, Watcher watcher) {}

    private final String address;
    private final Map<String, Watched> watchers = new ConcurrentHashMap<>();
    private final Map<String, AutoCloseable> rules = new ConcurrentHashMap<>();
    private int users;
    // Guarded by this object, except that calls read it without waiting for a reconnection.
    private volatile @Nullable DBusConnection connection;
    private volatile String trouble = "it was never reached";

    private Bus(String address) {
        this.address = address;
    }

    /// The connection to that bus; give it back by [#release].
    static Bus of(String address) throws Lost {
        synchronized (SHARED) {
            var bus = SHARED.get(address);
            if (bus == null) {
                bus = new Bus(address);
                bus.connect();
                SHARED.put(address, bus);
            }
            bus.users++;
            return bus;
        }
    }

    /// Gives it back; the last one closes the connection.
    void release() {
        synchronized (SHARED) {
            users--;
            if (users == 0) {
                SHARED.remove(address);
                disconnect();
            }
        }
    }

    /// The address, as it was given.
    @Override
    public String toString() {
        return address;
    }

    /// Tells `watcher` of everything that happens to the unit with that object.
    void watch(String path, String unit, Watcher watcher) throws Lost {
        watchers.put(path, new Watched(unit, watcher));
        try {
            listen(open(), path);
        } catch (DBusException e) {
            throw new Lost("systemd at '%s' cannot be listened to: %s".formatted(address, e.getMessage()), e);
        }
    }

    void unwatch(String path) {
        watchers.remove(path);
        forget(rules.remove(path));
    }

    /// Calls the manager.
    ///
    /// **Errors:** `DBusExecutionException` when systemd refuses.
    <T> T ask(Function<Systemd, T> question) throws Lost {
        return with(Systemd.PATH, Systemd.class, question);
    }

    /// A property of an object; what it has no value for is refused by systemd.
    <T> T property(String path, String kind, String name, Class<T> form) throws Lost {
        return form.cast(with(path, Properties.class, object -> object.<Object>Get(Systemd.NAME + "." + kind, name)));
    }

    private <I extends org.freedesktop.dbus.interfaces.DBusInterface, T> T with(
            String path, Class<I> kind, Function<I, T> question) throws Lost {
        var now = open();
        try {
            return question.apply(now.getRemoteObject(Systemd.NAME, path, kind, false));
        } catch (DBusExecutionException e) {
            if (now.isConnected() && !away(e)) {
                throw e;
            }
            throw new Lost("systemd at '%s' does not answer: %s".formatted(address, e.getMessage()), e);
        } catch (DBusException e) {
            throw new Lost("systemd at '%s' cannot be asked: %s".formatted(address, e.getMessage()), e);
        }
    }

    /// Errors of the bus itself, as opposed to those of systemd.
    private static boolean away(DBusExecutionException e) {
        return AWAY.contains(e.getClass().getSimpleName());
    }

    private DBusConnection open() throws Lost {
        var now = connection;
        if (now == null || !now.isConnected()) {
            throw new Lost(
                    "the bus '%s' cannot be reached: %s; it is tried again and again".formatted(address, trouble),
                    null);
        }
        return now;
    }

    private synchronized void connect() throws Lost {
        // the library speaks by a logging interface that has no output here, and would say so
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        try {
            var made = DBusConnectionBuilder.forAddress(address)
                    .receivingThreadConfig()
                    .withSignalThreadCount(1)
                    .withErrorHandlerThreadCount(1)
                    .withMethodCallThreadCount(1)
                    .withMethodReturnThreadCount(1)
                    .connectionConfig()
                    .transportConfig()
                    .withTimeout(CONNECT_MILLIS)
                    .back()
                    .withShared(false)
                    .withDisconnectCallback(new IDisconnectCallback() {
                        @Override
                        public void disconnectOnError(IOException e) {
                            lost(e);
                        }
                    })
                    .build();
            connection = made;
            made.addSigHandler(NameOwnerChanged.class, this::ownerChanged);
            made.addSigHandler(Systemd.JobRemoved.class, this::jobRemoved);
            made.getRemoteObject(Systemd.NAME, Systemd.PATH, Systemd.class, false)
                    .Subscribe();
            for (var path : watchers.keySet()) {
                listen(made, path);
            }
        } catch (DBusException | DBusExecutionException | IllegalArgumentException e) {
            trouble = String.valueOf(e.getMessage());
            disconnect();
            throw new Lost("there is no systemd on the bus '%s' (%s)".formatted(address, trouble), e);
        }
    }

    private void listen(DBusConnection on, String path) throws DBusException {
        var object = on.getRemoteObject(Systemd.NAME, path, Properties.class, false);
        var rule = on.addSigHandler(PropertiesChanged.class, object, changed -> {
            var active = changed.getPropertiesChanged().get("ActiveState");
            var watched = watchers.get(path);
            if (active != null && watched != null) {
                watched.watcher().changed(String.valueOf(active.getValue()));
            }
        });
        forget(rules.put(path, rule));
    }

    private static void forget(@Nullable AutoCloseable rule) {
        try {
            if (rule != null) {
                rule.close();
            }
        } catch (Exception gone) {
            // the rule of a connection that is lost is gone with it
            LOG.log(Level.DEBUG, "a match rule was gone already: {0}", gone.getMessage());
        }
    }

    private void jobRemoved(Systemd.JobRemoved removed) {
        for (var watched : watchers.values()) {
            if (watched.unit().equals(removed.unit)) {
                watched.watcher().jobRemoved(removed.job.getPath(), removed.result);
            }
        }
    }

    /// After a re-execution systemd is there under another unique name and has to be asked again to tell.
    private void ownerChanged(NameOwnerChanged changed) {
        if (changed.name.equals(Systemd.NAME) && !changed.newOwner.isEmpty()) {
            Thread.ofVirtual().start(() -> {
                try {
                    ask(systemd -> {
                        systemd.Subscribe();
                        return true;
                    });
                } catch (Lost | DBusExecutionException e) {
                    // after a reconnection it knows this client already
                    LOG.log(Level.DEBUG, "systemd is back: {0}", e.getMessage());
                }
                tellAll();
            });
        }
    }

    private void tellAll() {
        watchers.values().forEach(watched -> watched.watcher().changed(""));
    }

    private void lost(IOException e) {
        trouble = String.valueOf(e.getMessage());
        Thread.ofVirtual().name("bus " + address).start(this::reconnect);
    }

    private void reconnect() {
        LOG.log(Level.WARNING, "the bus {0} is lost: {1}; connecting again", address, trouble);
        var pause = FIRST_PAUSE;
        while (used()) {
            try {
                Thread.sleep(pause);
                connect();
                LOG.log(Level.INFO, "the bus {0} is back", address);
                tellAll();
                return;
            } catch (Lost stillAway) {
                pause = pause.multipliedBy(2);
                pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private boolean used() {
        synchronized (SHARED) {
            return users > 0;
        }
    }

    private synchronized void disconnect() {
        var now = connection;
        connection = null;
        if (now != null) {
            now.disconnect();
        }
    }
}
