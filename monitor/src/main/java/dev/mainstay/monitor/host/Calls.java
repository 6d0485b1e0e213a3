package dev.mainstay.monitor.host;

import dev.mainstay.monitor.step.ResourceEvent;
import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.spi.AdoptionRecord;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Outcome;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceFailure;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// Calls the entry points of one resource, each on a virtual thread of its own, watched and measured.
///
/// **Threads:** called from the resource's mailbox; the ends of calls are posted back to it.
final class Calls {
    /// Longer calls are counted and told once per type and entry point; in milliseconds, the field's own limit.
    private static final long SLOW_MILLIS = 300;

    /// Between two attempts to terminate what could not be: something unkillable mostly waits for a disk.
    private static final long TERMINATE_RETRY_MILLIS = 5_000;

    private final Hosting hosting;
    private final Optional<HostedType> type;
    private final String knownTypes;
    private final Mailbox mailbox;
    private final Consumer<String> suspicions;
    private final Consumer<AdoptionRecord> adoptions;
    // Written when a call ends, read in the mailbox after that end was posted, and by terminate at any time.
    private volatile Optional<EntryPoints> instance = Optional.empty();
    private volatile Optional<OpenContext> context = Optional.empty();
    private volatile Optional<RunningOperation> operation = Optional.empty();
    private volatile Optional<Deadline.Watch> cancelledWork = Optional.empty();
    private volatile String resource = "";
    private volatile long limitMillis;

    Calls(
            Hosting hosting,
            Optional<HostedType> type,
            String knownTypes,
            Mailbox mailbox,
            Consumer<String> suspicions,
            Consumer<AdoptionRecord> adoptions) {
        this.hosting = hosting;
        this.type = type;
        this.knownTypes = knownTypes;
        this.mailbox = mailbox;
        this.suspicions = suspicions;
        this.adoptions = adoptions;
    }

    private interface Body {
        ResourceEvent run() throws Throwable;
    }

    Optional<HostedType> type() {
        return type;
    }

    /// Whether the type tells of failures itself.
    boolean signals() {
        return context.map(OpenContext::signals).orElse(false);
    }

    /// Opens the resource. When that fails there is no instance that could be terminated: then whatever of the
    /// resource runs is ended here, before the failure is posted.
    ///
    /// @param endFirst whether what runs of it is ended before, because nothing is known that could prove it
    void open(ResourceSpec spec, Optional<AdoptionRecord> recovered, boolean endFirst) {
        resource = spec.resource();
        if (type.isEmpty()) {
            var words = "cannot open resource '%s': its type '%s' is not known to this monitor. It knows: %s."
                    .formatted(spec.resource(), spec.type(), knownTypes);
            Thread.ofVirtual()
                    .name(resource + " open")
                    .start(() -> mailbox.postResult(new ResourceEvent.OpenThrew(words + endAll())));
            return;
        }
        var hosted = type.get();
        limitMillis = Intervals.deadlockMillis(spec, hosted.description());
        call(
                "open",
                () -> {
                    if (endFirst) {
                        endAll();
                    }
                    var opening = OpenContext.of(spec, hosted, hosting, recovered, suspicions);
                    context = Optional.of(opening);
                    instance = Optional.of(hosted.type().open(opening));
                    return new ResourceEvent.Opened();
                },
                thrown -> new ResourceEvent.OpenThrew(Words.of(thrown) + endAll()));
    }

    /// Ends every process of the resource; answers what an operator must know of it, or nothing.
    private String endAll() {
        try {
            hosting.processesOf(resource).endAll();
            return "";
        } catch (ResourceFailure | RuntimeException e) {
            var words = "something of it may still run: " + Words.of(e);
            log(Level.ERROR, words);
            return "; " + words;
        }
    }

    void online(Reason reason, long epoch) {
        var running = operation("online", reason, epoch);
        call(
                "online",
                () -> new ResourceEvent.OnlineReturned(returned(required().online(running), running)),
                thrown -> new ResourceEvent.OnlineThrew(Words.of(thrown)));
    }

    void offline(Reason reason, long epoch) {
        var running = operation("offline", reason, epoch);
        call(
                "offline",
                () -> new ResourceEvent.OfflineReturned(returned(required().offline(running), running)),
                thrown -> new ResourceEvent.OfflineThrew(Words.of(thrown)));
    }

    private RunningOperation operation(String call, Reason reason, long epoch) {
        var running = new RunningOperation(
                resource + " " + call, reason, epoch, adoptions, event -> mailbox.post(event, new Mailbox.Ticket()));
        operation = Optional.of(running);
        return running;
    }

    private static Outcome returned(Outcome outcome, RunningOperation running) throws ResourceFailure {
        if (outcome == Outcome.PENDING && !running.hasWork()) {
            throw new ResourceFailure("the entry point returned PENDING without handing over work."
                    + " This is a bug of the resource type: it must return what Operation.pending answers.");
        }
        return outcome;
    }

    void looksAlive() {
        call(
                "looksAlive",
                () -> new ResourceEvent.LooksAliveAnswered(required().looksAlive()),
                thrown -> new ResourceEvent.LooksAliveAnswered(Health.dead(Words.of(thrown))));
    }

    void isAlive() {
        call(
                "isAlive",
                () -> new ResourceEvent.IsAliveAnswered(required().isAlive()),
                thrown -> new ResourceEvent.IsAliveAnswered(Health.dead(Words.of(thrown))));
    }

    /// Terminates, again and again until it succeeds: a resource of which something may still run is not at rest,
    /// and nobody may start it elsewhere.
    void terminate(Reason reason) {
        operation.ifPresent(RunningOperation::cancel);
        callUntilDone(
                "terminate",
                () -> {
                    required().terminate(reason);
                    return new ResourceEvent.TerminateReturned();
                },
                thrown -> {
                    var _ = hosting.time().after(TERMINATE_RETRY_MILLIS, () -> terminate(reason));
                    log(
                            Level.ERROR,
                            "terminate failed: %s. Something may still run: the resource is not at rest. Next attempt in %d ms."
                                    .formatted(Words.of(thrown), TERMINATE_RETRY_MILLIS));
                    return Optional.empty();
                });
    }

    void close() {
        call(
                "close",
                () -> {
                    required().close();
                    return new ResourceEvent.CloseReturned();
                },
                thrown -> {
                    log(Level.ERROR, "close failed: " + Words.of(thrown));
                    return new ResourceEvent.CloseReturned();
                });
    }

    void startWork() {
        operation.ifPresent(running -> running.startWork(end -> {
            cancelledWork.ifPresent(Deadline.Watch::close);
            mailbox.postResult(end);
        }));
    }

    void cancelWork() {
        operation
                .flatMap(RunningOperation::cancel)
                .ifPresent(worker -> cancelledWork =
                        Optional.of(hosting.deadline().watch(worker, resource, "cancelled worker", limitMillis)));
    }

    private EntryPoints required() {
        return instance.orElseThrow(() -> new IllegalStateException("the resource is not open"));
    }

    private void call(String name, Body body, Function<Throwable, ResourceEvent> failed) {
        callUntilDone(name, body, thrown -> Optional.of(failed.apply(thrown)));
    }

    /// @param failed answers how the call ended though it threw; nothing when it has not ended the matter
    private void callUntilDone(String name, Body body, Function<Throwable, Optional<ResourceEvent>> failed) {
        var hosted = type.orElseThrow();
        Thread.ofVirtual().name(resource + " " + name).start(() -> {
            Optional<ResourceEvent> end;
            try (var _ = hosted.take(name);
                    var _ = hosting.deadline().watch(resource, name, limitMillis)) {
                long begin = System.nanoTime();
                end = run(body, failed);
                measured(hosted, name, (System.nanoTime() - begin) / 1_000_000);
            }
            end.ifPresent(mailbox::postResult);
        });
    }

    private static Optional<ResourceEvent> run(Body body, Function<Throwable, Optional<ResourceEvent>> failed) {
        try {
            return Optional.of(body.run());
        } catch (Throwable thrown) {
            return failed.apply(thrown);
        }
    }

    private void measured(HostedType hosted, String name, long millis) {
        if (millis > SLOW_MILLIS && hosted.countSlow(name)) {
            log(
                    Level.WARNING,
                    "entry point '%s' of type '%s' took %d ms: it should return within %d ms. Longer work belongs in a"
                                    .formatted(name, hosted.description().name(), millis, SLOW_MILLIS)
                            + " worker (Operation.pending). Further slow calls are only counted.");
        }
    }

    private void log(Level level, String text) {
        hosting.voice().log(level, resource, text);
    }
}
