package dev.mainstay.types.container;

import dev.mainstay.linux.ProcessTable;
import dev.mainstay.spi.AdoptionRecord;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.FailureKind;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Operation;
import dev.mainstay.spi.Outcome;
import dev.mainstay.spi.ProcessIdentity;
import dev.mainstay.spi.Processes.Running;
import dev.mainstay.spi.Progress;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceContext.FailureSignal;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.types.check.Check;
import dev.mainstay.types.check.Checks;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One container that is a resource.
///
/// The engine tells of the first process of a container; its end is seen by the kernel's word, as that of a
/// program of our own.
///
/// **Threads:** terminate may come during any other call but close; `life` is replaced as a whole.
final class ContainerResource implements EntryPoints {
    private static final Duration ENGINE_NOTICES = Duration.ofSeconds(3);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    /// The container that is online, and how it is checked.
    private record Life(String id, Running process, Checks checks) {}

    private final ResourceContext context;
    private final Engine engine;
    private final String name;
    private final FailureSignal signal;
    private volatile Optional<Life> life = Optional.empty();

    private ContainerResource(ResourceContext context, Engine engine, String name) {
        this.context = context;
        this.engine = engine;
        this.name = name;
        // a container with a health command is asked by it: that its process lives tells little then
        this.signal = context.properties().list("healthCommand").isEmpty()
                ? context.signalInsteadOfLooksAlive()
                : evidence -> context.signalFailure(FailureKind.GENERAL, evidence);
    }

    static ContainerResource open(ResourceContext context) throws ResourceFailure {
        try {
            RunOptions.check(context);
            var name = RunOptions.name(context);
            context.reserve("container name " + name);
            var opened = new ContainerResource(context, Engine.of(context), name);
            opened.begin();
            return opened;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ResourceFailure("opening '%s': it was interrupted".formatted(context.resource()), e);
        }
    }

    /// Adopts the container that an earlier monitor started, or removes what is left of one.
    private void begin() throws ResourceFailure, InterruptedException {
        var known = context.recovered().map(AdoptionRecord::own).orElse("");
        var found = engine.first(name);
        var same = found.filter(now -> now.running() && now.id().equals(known));
        if (same.isPresent() && watch(same.get()).isPresent()) {
            context.logger().log(Level.INFO, "adopted container {0}", name);
        } else if (found.isPresent()) {
            removeOurs(found.get());
        }
    }

    /// A container of the same name that somebody else made is no business of ours.
    private void removeOurs(Container found) throws ResourceFailure, InterruptedException {
        if (!found.owner().equals(context.directory().toString())) {
            throw new ResourceFailure(
                    "using container name '%s' for '%s': a container of that name is there already, and this resource did not make it. Remove or rename it, or set name"
                            .formatted(name, context.resource()));
        }
        engine.remove(found.id());
    }

    @Override
    public Outcome online(Operation operation) {
        return operation.pending(progress -> {
            var found = engine.inspect(name);
            if (found.isPresent()) {
                progress.checkpoint("removing what is left of container " + name);
                removeOurs(found.get());
            }
            progress.checkpoint(
                    "starting a container of image " + context.properties().text("image"));
            var limit = context.properties().duration("startTimeout");
            engine.succeed(
                    "starting container '%s'".formatted(name), engine.run(limit, RunOptions.line(context, name)));
            var begun = begun();
            progress.checkpoint("started, process " + begun.process().identity().pid());
            awaitHealthy(begun, progress);
            operation.adoptable(new AdoptionRecord(List.of(begun.process().identity()), "", begun.id()));
        });
    }

    private Life begun() throws ResourceFailure, InterruptedException {
        var made = engine.inspect(name)
                .orElseThrow(() -> new ResourceFailure(
                        "starting container '%s': it is gone at once. Look at the engine's own log".formatted(name)));
        var begun = watch(made);
        if (begun.isPresent()) {
            return begun.get();
        }
        var end = howItEnded(made.id());
        throw new ResourceFailure(
                engine.inspect(made.id()).filter(Container::running).isPresent()
                        ? "starting container '%s': its process %d is not on this machine. The engine must run on the node itself"
                                .formatted(name, made.pid())
                        : "starting container '%s': it %s. It printed: %s"
                                .formatted(name, end, engine.printed(made.id())));
    }

    /// Empty when its first process is not here, for example because it has ended.
    private Optional<Life> watch(Container made) {
        if (made.restartsByItself()) {
            context.logger()
                    .log(
                            Level.WARNING,
                            "the engine restarts container {0} by itself (policy {1}), behind the cluster''s back."
                                    + " Run: docker update --restart=no {0}",
                            name,
                            made.restarts());
        }
        var begun = ProcessTable.read(made.pid())
                .map(entry -> new ProcessIdentity(made.pid(), entry.startTicks(), ProcessTable.bootId()))
                .flatMap(identity -> context.processes().adopt(new AdoptionRecord(List.of(identity), "", "")))
                .map(process -> new Life(made.id(), process, checks(made.id())));
        life = begun;
        begun.ifPresent(now -> now.process().onExit(how -> {
            if (life.filter(now::equals).isPresent()) {
                signal.raise("process %d of container %s %s".formatted(made.pid(), name, how));
            }
        }));
        return begun;
    }

    private Checks checks(String id) {
        var health = context.properties().list("healthCommand");
        if (health.isEmpty()) {
            return new Checks(List.of(), context.properties().duration("checkTimeout"));
        }
        var line = new ArrayList<>(List.of("exec", id));
        line.addAll(health);
        return new Checks(
                List.of(new Check.Run(context.processes(), engine.command(line))),
                context.properties().duration("checkTimeout"));
    }

    private void awaitHealthy(Life begun, Progress progress) throws ResourceFailure, InterruptedException {
        begun.checks()
                .awaitHealthy(
                        context.resource(),
                        context.properties().duration("startGrace"),
                        () -> begun.process().alive() && !progress.cancelled(),
                        progress);
        if (!begun.process().alive()) {
            throw new ResourceFailure("starting container '%s': it %s. It printed: %s"
                    .formatted(name, howItEnded(begun.id()), engine.printed(begun.id())));
        }
    }

    @Override
    public Outcome offline(Operation operation) {
        return operation.pending(progress -> {
            var stopping = life;
            // from here on its end is no failure
            life = Optional.empty();
            if (stopping.isPresent()) {
                var grace = context.properties().duration("stopGrace");
                progress.checkpoint("asked to stop, waiting up to %d ms".formatted(grace.toMillis()));
                var seconds = grace.plusMillis(999).toSeconds();
                engine.run(
                        grace.plus(context.properties().duration("checkTimeout")),
                        List.of(
                                "stop",
                                "-t",
                                Long.toString(seconds),
                                stopping.get().id()));
            }
            removeAll();
        });
    }

    @Override
    public void terminate(Reason reason) {
        life = Optional.empty();
        try {
            removeAll();
        } catch (ResourceFailure e) {
            throw new IllegalStateException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("removing the container was interrupted", e);
        }
    }

    /// The container first, by the engine; then commands of the engine that hang, and what watches for it.
    private void removeAll() throws ResourceFailure, InterruptedException {
        var left = engine.inspect(name);
        if (left.isPresent() && left.get().owner().equals(context.directory().toString())) {
            engine.remove(left.get().id());
        }
        context.processes().endAll();
    }

    @Override
    public Health looksAlive() {
        var now = life;
        if (now.isEmpty()) {
            return Health.dead("its container is not there");
        }
        return now.get().process().alive()
                ? now.get().checks().health()
                : Health.dead("process %d of container %s ended"
                        .formatted(now.get().process().identity().pid(), name));
    }

    @Override
    public Health isAlive() {
        var now = life;
        if (now.isEmpty()) {
            return Health.dead("its container is not there");
        }
        try {
            if (!now.get().process().alive()) {
                return Health.dead("container %s %s. It printed: %s"
                        .formatted(
                                name,
                                howItEnded(now.get().id()),
                                engine.printed(now.get().id())));
            }
            return health(now.get());
        } catch (ResourceFailure e) {
            // its process runs: that the engine is away for a while is no failure of the container
            context.logger().log(Level.WARNING, "{0}; its process runs", e.getMessage());
            return now.get().process().alive() ? Health.alive() : new Health.Undecided(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Health.Undecided("the check was interrupted");
        }
    }

    private Health health(Life now) throws ResourceFailure, InterruptedException {
        var found = engine.inspect(now.id());
        if (found.isEmpty()) {
            return Health.dead("container %s was removed by somebody else".formatted(name));
        }
        if (found.get().pid() != now.process().identity().pid()) {
            return Health.dead("container %s was started again by somebody else".formatted(name));
        }
        return now.checks().health();
    }

    /// The engine notices the end some moments after the kernel.
    private String howItEnded(String id) throws ResourceFailure, InterruptedException {
        var until = System.nanoTime() + ENGINE_NOTICES.toNanos();
        while (System.nanoTime() < until) {
            var found = engine.inspect(id);
            if (found.isEmpty()) {
                return "was removed by somebody else";
            }
            if (!found.get().running()) {
                return found.get().ended();
            }
            Thread.sleep(LOOK_AGAIN);
        }
        return "ended, which the engine has not noticed within %d ms".formatted(ENGINE_NOTICES.toMillis());
    }

    @Override
    public void close() {
        life = Optional.empty();
    }
}
