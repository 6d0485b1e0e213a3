package dev.mainstay.types.systemd;

import dev.mainstay.spi.LastingFailure;
import dev.mainstay.spi.Progress;
import dev.mainstay.spi.ResourceFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.types.UInt32;

/// One unit of one systemd.
///
/// **Threads:** any; `finished` is guarded by this object, on which whoever waits for a job is woken.
final class Unit implements Bus.Watcher, AutoCloseable {
    /// Jobs end within a pending operation; whoever waits has asked by then.
    private static final int FINISHED_MAX = 16;

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final int NEAR_NAMES_MAX = 5;
    private static final List<String> PULLS = List.of("RequiredBy", "BoundBy", "WantedBy", "TriggeredBy");

    private final Bus bus;
    private final String name;
    private final String path;
    private final Consumer<String> told;
    private final Map<String, String> finished = new LinkedHashMap<>();

    private Unit(Bus bus, String name, String path, Consumer<String> told) {
        this.bus = bus;
        this.name = name;
        this.path = path;
        this.told = told;
    }

    /// A unit that can be used; an alias is replaced by the name that systemd itself uses.
    ///
    /// @param told receives each new ActiveState, empty when it must be asked for; must not wait for the bus
    static Unit find(Bus bus, String name, Consumer<String> told) throws Bus.Lost, ResourceFailure {
        var path = bus.ask(systemd -> systemd.LoadUnit(name)).getPath();
        var unit = new Unit(bus, bus.property(path, "Unit", "Id", String.class), path, told);
        unit.mustBeLoaded();
        unit.mustNotStartAtBoot();
        return unit;
    }

    /// Hears of it from now on.
    void watch() throws Bus.Lost {
        bus.watch(path, name, this);
    }

    private void mustBeLoaded() throws Bus.Lost, ResourceFailure {
        var loaded = bus.property(path, "Unit", "LoadState", String.class);
        if (loaded.equals("not-found")) {
            throw LastingFailure.here(
                    "using unit '%s': systemd does not know it on this node.%s Install it, or correct the name"
                            .formatted(name, nearNames()));
        }
        if (!loaded.equals("loaded")) {
            throw LastingFailure.here(
                    "using unit '%s': systemd says it is '%s', so it cannot be started. Look at: systemctl status %s"
                            .formatted(name, loaded, name));
        }
    }

    /// Whatever starts at boot runs before the cluster has decided where.
    private void mustNotStartAtBoot() throws Bus.Lost, ResourceFailure {
        var state = bus.property(path, "Unit", "UnitFileState", String.class);
        if (state.startsWith("enabled")) {
            throw LastingFailure.here(
                    "using unit '%s': it is %s, so systemd would start it at boot on every node before the cluster decides where. On each possible owner run: systemctl disable %s"
                            .formatted(name, state, name));
        }
    }

    /// Units that start it when they are started or triggered, as far as systemd has loaded them.
    List<String> pulledInBy() throws Bus.Lost {
        var all = new TreeSet<String>();
        for (var relation : PULLS) {
            for (var other : bus.property(path, "Unit", relation, List.class)) {
                all.add(String.valueOf(other));
            }
        }
        return List.copyOf(all);
    }

    private String nearNames() throws Bus.Lost {
        var stem = name.replaceFirst("\\.[a-z]+$", "");
        var near = bus.ask(systemd -> systemd.ListUnitFilesByPatterns(List.of(), List.of("*.service"))).stream()
                .map(file -> Path.of(file.path).getFileName().toString())
                .distinct()
                .filter(known -> Nearness.of(stem, known.replaceFirst("\\.[a-z]+$", "")) > 0)
                .sorted(Comparator.comparingInt(known -> -Nearness.of(stem, known.replaceFirst("\\.[a-z]+$", ""))))
                .limit(NEAR_NAMES_MAX)
                .collect(Collectors.joining(", "));
        return near.isEmpty() ? "" : " It knows " + near + ".";
    }

    String name() {
        return name;
    }

    UnitState state() throws Bus.Lost {
        return UnitState.of(bus, path, name.endsWith(".service"));
    }

    /// Makes systemd read the drop-in, unless it has.
    ///
    /// All unit files are read again then, so one resource after another asks whether it is needed still.
    void reread(Dropin dropin) throws Bus.Lost {
        synchronized (bus) {
            var known = bus.property(path, "Unit", "DropInPaths", List.class);
            var stale = bus.property(path, "Unit", "NeedDaemonReload", Boolean.class);
            if (stale || !known.contains(dropin.file().toString())) {
                reload();
            }
        }
    }

    void reload() throws Bus.Lost {
        bus.ask(systemd -> {
            systemd.Reload();
            return true;
        });
    }

    /// Starts it and returns the job, which [#await] waits for.
    String start() throws Bus.Lost {
        return bus.ask(systemd -> systemd.StartUnit(name, "replace")).getPath();
    }

    /// Stops it by its own rules and returns the job's result.
    String stop(Progress progress) throws Bus.Lost, InterruptedException {
        return await(bus.ask(systemd -> systemd.StopUnit(name, "replace")).getPath(), progress);
    }

    /// Kills whatever of it runs, and waits until systemd has seen it end.
    void kill(Duration limit) throws Bus.Lost, InterruptedException, ResourceFailure {
        var until = System.nanoTime() + limit.toNanos();
        attempt(systemd -> {
            systemd.KillUnit(name, "all", 9);
            return true;
        });
        attempt(systemd -> systemd.StopUnit(name, "replace"));
        while (!state().atRest()) {
            if (System.nanoTime() > until) {
                throw new ResourceFailure("killing unit '%s': after %d ms it is still %s. Look at: systemd-cgls -u %s"
                        .formatted(name, limit.toMillis(), state().words(), name));
            }
            synchronized (this) {
                wait(20);
            }
            attempt(systemd -> {
                systemd.KillUnit(name, "all", 9);
                return true;
            });
        }
        forgetFailure();
    }

    /// Failed units stay in memory and in lists; the cluster keeps the failure itself.
    void forgetFailure() throws Bus.Lost {
        attempt(systemd -> {
            systemd.ResetFailedUnit(name);
            return true;
        });
    }

    /// What systemd refuses because there is nothing to be done is done.
    private void attempt(Function<Systemd, Object> order) throws Bus.Lost {
        try {
            bus.ask(order);
        } catch (DBusExecutionException nothingThere) {
            System.getLogger(Unit.class.getName())
                    .log(System.Logger.Level.DEBUG, "{0}: {1}", name, nothingThere.getMessage());
        }
    }

    /// Waits for the end of a job and answers how it ended; what the unit does meanwhile are checkpoints.
    String await(String job, Progress progress) throws InterruptedException {
        while (true) {
            synchronized (this) {
                var result = finished.remove(job);
                if (result != null) {
                    return result;
                }
                wait(LOOK_AGAIN.toMillis());
                if (finished.containsKey(job)) {
                    continue;
                }
            }
            try {
                var now = state();
                progress.checkpoint("%s is %s (%s)".formatted(name, now.active(), now.sub()));
                if (noJob()) {
                    return "not seen";
                }
            } catch (Bus.Lost away) {
                progress.checkpoint(String.valueOf(away.getMessage()));
            }
        }
    }

    /// The end of a job is missed when the bus was away.
    private boolean noJob() throws Bus.Lost {
        var job = bus.property(path, "Unit", "Job", Object[].class);
        return job[0] instanceof UInt32 id && id.intValue() == 0 && job[1] instanceof DBusPath;
    }

    @Override
    public void changed(String active) {
        synchronized (this) {
            notifyAll();
        }
        told.accept(active);
    }

    @Override
    public synchronized void jobRemoved(String job, String result) {
        if (finished.size() == FINISHED_MAX) {
            finished.remove(finished.keySet().iterator().next());
        }
        finished.put(job, result);
        notifyAll();
    }

    @Override
    public void close() {
        bus.unwatch(path);
    }
}
