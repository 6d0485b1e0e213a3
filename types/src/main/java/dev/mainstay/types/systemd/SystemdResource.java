package dev.mainstay.types.systemd;

import dev.mainstay.spi.AdoptionRecord;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.LastingFailure;
import dev.mainstay.spi.Operation;
import dev.mainstay.spi.Outcome;
import dev.mainstay.spi.Progress;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceContext.FailureSignal;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.freedesktop.dbus.exceptions.DBusExecutionException;

/// One unit that is a resource.
///
/// **Threads:** terminate may come during any other call but close; the count of terminations is guarded by this
/// object, so that nothing is started behind one.
final class SystemdResource implements EntryPoints {
    /// A bus that restarts is back within this time; a check waits so long before it cannot tell.
    private static final Duration BUS_BACK = Duration.ofSeconds(5);

    private static final String UNIX = "unix:path=";
    /// sun_path without its last byte.
    private static final int SOCKET_BYTES_MAX = 107;

    private final ResourceContext context;
    private final Bus bus;
    private final Unit unit;
    private final Dropin dropin;
    private final FailureSignal signal;
    private final ForeignStarts others;
    /// The invocation that is online, or empty; written by operations, read on the signal thread of the bus.
    private volatile String invocation = "";
    private long terminations;

    private SystemdResource(ResourceContext context, Bus bus, String name) throws Bus.Lost, ResourceFailure {
        this.context = context;
        this.bus = bus;
        this.signal = context.signalInsteadOfLooksAlive();
        this.unit = Unit.find(bus, name, this::changed);
        this.dropin = Dropin.of(Path.of(context.properties().text("dropInDirectory")), unit.name());
        this.others = new ForeignStarts(context, unit, dropin);
    }

    /// Whether this node has a unit that the cluster can use; nothing is changed.
    static void examine(String address, String name) throws ResourceFailure {
        if (socket(address).filter(path -> bytes(path) > SOCKET_BYTES_MAX).isPresent()) {
            throw new LastingFailure("bus '%s' is longer than the %d bytes that a socket's path may have. Shorten it"
                    .formatted(address, SOCKET_BYTES_MAX));
        }
        var socket = socket(address);
        if (socket.isPresent() && !Files.exists(socket.get())) {
            throw LastingFailure.missing(
                    "there is no systemd on the bus '%s'. A resource of type systemd needs a node that systemd runs"
                            .formatted(address),
                    socket.get());
        }
        try {
            var bus = Bus.of(address);
            try {
                var _ = Unit.find(bus, name, _ -> {});
            } finally {
                bus.release();
            }
        } catch (Bus.Lost | DBusExecutionException e) {
            throw new ResourceFailure("asking systemd for '%s': %s".formatted(name, e.getMessage()), e);
        }
    }

    /// A unix socket at an address of a bus, such as `unix:path=/run/dbus/system_bus_socket`.
    private static Optional<Path> socket(String address) {
        return address.startsWith(UNIX)
                ? Optional.of(Path.of(address.substring(UNIX.length()).replaceFirst(",.*", "")))
                : Optional.empty();
    }

    private static int bytes(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    static SystemdResource open(ResourceContext context) throws ResourceFailure {
        var given = context.properties().text("unit");
        var name = UnitName.of(context.resource(), given);
        var address = context.properties().text("bus");
        try {
            var bus = Bus.of(address);
            try {
                var opened = new SystemdResource(context, bus, name);
                opened.begin();
                return opened;
            } catch (Bus.Lost | ResourceFailure | InterruptedException | DBusExecutionException e) {
                bus.release();
                throw e;
            }
        } catch (Bus.Lost | DBusExecutionException e) {
            throw new ResourceFailure(
                    "opening '%s': %s. A resource of type systemd needs a node that systemd runs; check bus with: busctl --address=%s status"
                            .formatted(context.resource(), e.getMessage(), address),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ResourceFailure("opening '%s': it was interrupted".formatted(context.resource()), e);
        }
    }

    private void begin() throws Bus.Lost, ResourceFailure, InterruptedException {
        context.reserve("systemd unit %s of %s".formatted(unit.name(), bus));
        unit.watch();
        try {
            takeOver();
        } catch (Bus.Lost | ResourceFailure | InterruptedException | DBusExecutionException e) {
            unit.close();
            throw e;
        }
    }

    /// Takes the unit out of others' hands, and adopts what an earlier monitor started, or stops what runs.
    private void takeOver() throws Bus.Lost, ResourceFailure, InterruptedException {
        dropin.write();
        unit.reread(dropin);
        others.warn();
        var now = unit.state();
        var known = context.recovered().map(AdoptionRecord::own).orElse("");
        if (now.serves() && known.equals(own(now))) {
            invocation = now.invocation();
            context.logger().log(Level.INFO, "adopted {0}, invocation {1}", unit.name(), invocation);
            return;
        }
        if (!now.atRest()) {
            others.foundAtOpen(now);
            unit.kill(killGrace());
        }
        others.atRest(true);
    }

    @Override
    public Outcome online(Operation operation) {
        var before = terminations();
        return operation.pending(progress -> {
            others.atRest(false);
            try {
                start(operation, progress, before);
            } catch (Bus.Lost | DBusExecutionException e) {
                throw new ResourceFailure(
                        "starting %s: %s. Look at: systemctl status %s"
                                .formatted(unit.name(), e.getMessage(), unit.name()),
                        e);
            }
        });
    }

    private void start(Operation operation, Progress progress, long before)
            throws Bus.Lost, ResourceFailure, InterruptedException {
        if (!unit.state().atRest()) {
            progress.checkpoint("%s runs already: killing it first".formatted(unit.name()));
            unit.kill(killGrace());
        }
        progress.checkpoint("start job of %s".formatted(unit.name()));
        var result = "";
        try {
            result = unit.await(startJob(before), progress);
        } finally {
            forbid();
        }
        var now = unit.state();
        if (!now.serves()) {
            throw new ResourceFailure(whyNot(result, now));
        }
        operation.adoptable(new AdoptionRecord(List.of(), "", own(now)));
        invocation = now.invocation();
        progress.checkpoint("%s is %s".formatted(unit.name(), now.words()));
    }

    private synchronized String startJob(long before) throws Bus.Lost, ResourceFailure {
        if (terminations != before) {
            throw new ResourceFailure("bringing '%s' online: it was terminated meanwhile. Bring it online again"
                    .formatted(context.resource()));
        }
        dropin.permitStart();
        return unit.start();
    }

    private String whyNot(String job, UnitState now) throws InterruptedException {
        var what = switch (job) {
            case "dependency" -> "a unit that it requires did not start";
            case "skipped" -> "a condition of the unit is not met";
            case "assert" -> "an assertion of the unit is not met";
            case "canceled" -> "somebody cancelled its start";
            case "timeout" -> "it did not start within its TimeoutStartSec";
            default ->
                now.active().equals("inactive")
                        ? "it ended at once; a service of Type=oneshot needs RemainAfterExit=yes"
                        : "its start failed";
        };
        return "starting %s: %s; it is %s.%s Look at: systemctl status %s"
                .formatted(unit.name(), what, now.words(), JournalEnd.of(context, unit.name()), unit.name());
    }

    @Override
    public Outcome offline(Operation operation) {
        return operation.pending(progress -> {
            // from here on its end is no failure
            invocation = "";
            others.atRest(false);
            try {
                progress.checkpoint("stop job of %s".formatted(unit.name()));
                var result = unit.stop(progress);
                var now = unit.state();
                if (!now.atRest()) {
                    throw new ResourceFailure(
                            "stopping %s: its stop job ended with '%s' and it is %s. Look at: systemctl status %s"
                                    .formatted(unit.name(), result, now.words(), unit.name()));
                }
                unit.forgetFailure();
                others.atRest(true);
            } catch (Bus.Lost | DBusExecutionException e) {
                throw new ResourceFailure("stopping %s: %s".formatted(unit.name(), e.getMessage()), e);
            }
        });
    }

    @Override
    public void terminate(Reason reason) {
        synchronized (this) {
            terminations++;
        }
        invocation = "";
        others.atRest(false);
        try {
            forbid();
            unit.kill(killGrace());
            others.atRest(true);
        } catch (Bus.Lost | ResourceFailure e) {
            throw new IllegalStateException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("ending the unit was interrupted", e);
        }
    }

    /// Not asked by the monitor as long as systemd tells of changes.
    @Override
    public Health looksAlive() {
        return isAlive();
    }

    @Override
    public Health isAlive() {
        var until = System.nanoTime() + BUS_BACK.toNanos();
        while (true) {
            try {
                var now = unit.state();
                if (!now.serves()) {
                    return Health.dead("unit %s: %s".formatted(unit.name(), now.words()));
                }
                return now.invocation().equals(invocation)
                        ? Health.alive()
                        : Health.dead("unit %s was started again by somebody else: invocation %s, the cluster's was %s"
                                .formatted(unit.name(), now.invocation(), invocation));
            } catch (Bus.Lost | DBusExecutionException e) {
                if (System.nanoTime() > until) {
                    return new Health.Undecided(String.valueOf(e.getMessage()));
                }
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Health.Undecided("the check was interrupted");
            }
        }
    }

    @Override
    public void close() {
        others.atRest(false);
        unit.close();
        try {
            dropin.remove();
            unit.reload();
        } catch (IOException | Bus.Lost | DBusExecutionException e) {
            context.logger()
                    .log(
                            Level.WARNING,
                            "{0} can still be started by the cluster alone: {1}. Remove {2} and run: systemctl daemon-reload",
                            unit.name(),
                            e.getMessage(),
                            dropin.file());
        } finally {
            bus.release();
        }
    }

    /// Called on the signal thread of the bus: asking for the evidence is left to others.
    private void changed(String active) {
        others.changed(active);
        if (invocation.isEmpty() || UnitState.serves(active)) {
            return;
        }
        Thread.ofVirtual().name(context.resource() + " evidence").start(() -> {
            try {
                var now = unit.state();
                if (!now.serves() || !now.invocation().equals(invocation)) {
                    signal.raise("unit %s: %s".formatted(unit.name(), now.words()));
                }
            } catch (Bus.Lost | DBusExecutionException e) {
                // if it told nothing it is asked again when the bus or systemd is back
                if (!active.isEmpty()) {
                    signal.raise("unit %s: %s; %s".formatted(unit.name(), active, e.getMessage()));
                }
            }
        });
    }

    private void forbid() {
        try {
            dropin.forbidStart();
        } catch (IOException e) {
            context.logger()
                    .log(Level.WARNING, "others can start {0} now: {1}. Remove the file", unit.name(), e.getMessage());
        }
    }

    private String own(UnitState state) {
        return unit.name() + " " + state.invocation();
    }

    private Duration killGrace() {
        return context.properties().duration("killGrace");
    }

    private synchronized long terminations() {
        return terminations;
    }
}
