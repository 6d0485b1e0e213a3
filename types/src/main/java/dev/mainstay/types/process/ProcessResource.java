package dev.mainstay.types.process;

import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.FailureKind;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Operation;
import dev.mainstay.spi.Outcome;
import dev.mainstay.spi.Processes.Command;
import dev.mainstay.spi.Processes.LogLimits;
import dev.mainstay.spi.Processes.Running;
import dev.mainstay.spi.Progress;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceContext.FailureSignal;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.types.check.Checks;
import dev.mainstay.types.node.NodePath;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One program that is a resource.
///
/// **Threads:** terminate may come during any other call but close; `life` is written under the lock of this
/// object, so that nothing is started behind a terminate.
final class ProcessResource implements EntryPoints {
    /// The program of this life: how it is watched, and how it ended once it did.
    private record Life(Running process, CompletableFuture<String> end) {}

    private final ResourceContext context;
    private final Command command;
    private final Checks checks;
    private final FailureSignal signal;
    /// Volatile: the exit callback reads it and must not wait for the lock.
    private volatile Optional<Life> life = Optional.empty();
    private long terminations;

    private ProcessResource(ResourceContext context, Command command, Checks checks) {
        this.context = context;
        this.command = command;
        this.checks = checks;
        // a program with a check is asked by it: that its process lives tells little then
        this.signal = checks.isEmpty()
                ? context.signalInsteadOfLooksAlive()
                : evidence -> context.signalFailure(FailureKind.GENERAL, evidence);
    }

    static ProcessResource open(ResourceContext context) throws ResourceFailure {
        var command = command(context);
        reserveLog(context, command.log());
        var opened = new ProcessResource(context, command, Checks.of(context, command));
        opened.recover();
        return opened;
    }

    /// Online without a check as soon as the process was created, as in the original; with one, once it succeeds.
    @Override
    public Outcome online(Operation operation) throws ResourceFailure {
        var before = terminations();
        if (checks.isEmpty()) {
            begin(operation, before);
            return Outcome.DONE;
        }
        return operation.pending(progress -> {
            progress.checkpoint("starting " + command.line().getFirst());
            var begun = begin(operation, before);
            progress.checkpoint("started, process " + begun.process().identity().pid());
            awaitHealthy(begun, progress);
        });
    }

    @Override
    public Outcome offline(Operation operation) {
        return operation.pending(progress -> {
            var stopping = life();
            if (stopping.isPresent()) {
                stop(stopping.get(), progress);
            }
            endEverything();
        });
    }

    @Override
    public void terminate(Reason reason) {
        synchronized (this) {
            terminations++;
        }
        try {
            endEverything();
        } catch (ResourceFailure e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    @Override
    public Health looksAlive() {
        return isAlive();
    }

    @Override
    public Health isAlive() {
        var now = life();
        if (now.isEmpty()) {
            return Health.dead("its process is not there");
        }
        if (now.get().process().alive()) {
            return checks.health();
        }
        return Health.dead(
                "process %d %s".formatted(now.get().process().identity().pid(), howItEnded(now.get())));
    }

    @Override
    public void close() {
        // nothing is held in the monitor beyond the watch, which ends with the process
    }

    private void recover() throws ResourceFailure {
        var found = context.recovered().flatMap(context.processes()::adopt);
        if (found.isPresent()) {
            var pid = found.get().identity().pid();
            context.logger().log(Level.INFO, "adopted process {0}", Long.toString(pid));
            watch(found.get());
        } else {
            context.processes().endAll();
        }
    }

    private Life begin(Operation operation, long terminationsBefore) throws ResourceFailure {
        context.processes().endAll();
        synchronized (this) {
            if (terminations != terminationsBefore) {
                throw new ResourceFailure("bringing '%s' online: it was terminated meanwhile. Bring it online again"
                        .formatted(context.resource()));
            }
            var process = context.processes().start(withEpoch(operation));
            operation.adoptable(process.adoption());
            return watch(process);
        }
    }

    /// The program can tell storage and others which life of the group it belongs to, so that they refuse a stale
    /// one.
    private Command withEpoch(Operation operation) {
        var environment = new HashMap<>(command.environment());
        environment.put("MAINSTAY_RESOURCE_NAME", context.resource());
        environment.put("MAINSTAY_GROUP", context.group());
        if (context.cluster().available()) {
            environment.put("MAINSTAY_NODE", context.cluster().node());
        }
        environment.put("MAINSTAY_EPOCH", Long.toString(operation.epoch()));
        return new Command(
                command.line(),
                environment,
                command.user(),
                command.workingDirectory(),
                command.log(),
                command.logLimits());
    }

    private synchronized Life watch(Running process) {
        var end = new CompletableFuture<String>();
        var begun = new Life(process, end);
        life = Optional.of(begun);
        process.onExit(how -> {
            end.complete(how);
            if (life().filter(begun::equals).isPresent()) {
                signal.raise("process %d %s".formatted(process.identity().pid(), how));
            }
        });
        return begun;
    }

    private void awaitHealthy(Life begun, Progress progress) throws ResourceFailure, InterruptedException {
        var grace = context.properties().duration("startGrace");
        checks.awaitHealthy(
                context.resource(), grace, () -> begun.process().alive() && !progress.cancelled(), progress);
        if (!begun.process().alive()) {
            throw new ResourceFailure("bringing '%s' online: process %d %s, before it served. Look at '%s'"
                    .formatted(context.resource(), begun.process().identity().pid(), howItEnded(begun), command.log()));
        }
        if (progress.cancelled()) {
            throw new ResourceFailure(
                    "bringing '%s' online: it was cancelled before it served".formatted(context.resource()));
        }
    }

    private void stop(Life stopping, Progress progress) throws ResourceFailure, InterruptedException {
        var name = context.properties().text("stopSignal");
        var grace = context.properties().duration("stopGrace");
        // from here on its end is no failure
        forget();
        progress.checkpoint("SIG%s sent, waiting up to %d ms".formatted(name, grace.toMillis()));
        stopping.process().signal(name);
        try {
            var how = stopping.end().get(grace.toMillis(), TimeUnit.MILLISECONDS);
            progress.checkpoint(how);
        } catch (TimeoutException late) {
            progress.checkpoint("did not end within %d ms, killing it".formatted(grace.toMillis()));
            context.logger()
                    .log(Level.WARNING, "did not end within {0} ms after SIG{1}, killed", grace.toMillis(), name);
        } catch (ExecutionException bug) {
            throw new IllegalStateException("the end of a process never fails", bug);
        }
    }

    private void endEverything() throws ResourceFailure {
        var left = life();
        forget();
        if (left.isPresent()) {
            left.get().process().kill();
        }
        context.processes().endAll();
    }

    /// The words for its end come some moments after the end itself.
    private static String howItEnded(Life ended) {
        try {
            return ended.end().get(Duration.ofSeconds(1).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "ended";
        } catch (ExecutionException | TimeoutException unknown) {
            return "ended";
        }
    }

    private Optional<Life> life() {
        return life;
    }

    private synchronized void forget() {
        life = Optional.empty();
    }

    private synchronized long terminations() {
        return terminations;
    }

    /// Two resources that turn over one file lose what the other one wrote; the same file has many paths.
    private static void reserveLog(ResourceContext context, Path log) throws ResourceFailure {
        if (Files.exists(log) && !Files.isRegularFile(log)) {
            return;
        }
        context.reserve("log file " + NodePath.real(log));
    }

    private static Command command(ResourceContext context) throws ResourceFailure {
        var properties = context.properties();
        var directory = NodePath.full(context.resource(), properties, "workingDirectory");
        var log = NodePath.full(context.resource(), properties, "log");
        return new Command(
                properties.list("command"),
                properties.map("environment"),
                properties.text("user"),
                directory.orElse(context.directory()),
                log.orElse(context.directory().resolve("output.log")),
                new LogLimits(properties.bytes("logSize"), (int) properties.integer("logFiles")));
    }
}
