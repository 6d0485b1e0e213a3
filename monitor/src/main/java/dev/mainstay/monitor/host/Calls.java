package dev.mainstay.monitor.host;

import dev.mainstay.monitor.entry.EntryPoint;
import dev.mainstay.monitor.step.ResourceEvent;
import dev.mainstay.protocol.Limits;
import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.protocol.Texts;
import dev.mainstay.spi.Abilities.Characteristic;
import dev.mainstay.spi.AdoptionRecord;
import dev.mainstay.spi.ControlAnswer;
import dev.mainstay.spi.Controls;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.FailureKind;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Outcome;
import dev.mainstay.spi.PropertyDescription;
import dev.mainstay.spi.PropertyDescription.Applies;
import dev.mainstay.spi.QuorumCapable;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceFailure;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Calls the entry points of one resource on virtual threads, watched and measured.
///
/// **Threads:** called from the resource's mailbox; the ends of calls are posted back to it.
final class Calls {
    /// Between two attempts to terminate what could not be: something unkillable mostly waits for a disk.
    private static final long TERMINATE_RETRY_MILLIS = 5_000;

    /// How long its controls may take to end before it is closed all the same; that of a cancelled worker.
    private static final long CANCEL_GRACE_MILLIS = 2_000;

    private final Hosting hosting;
    private final String resource;
    private final KnownTypes types;
    private final Mailbox mailbox;
    private final Signals signals;
    private final Consumer<AdoptionRecord> adoptions;
    // Replaced before a call of open, while no other call runs.
    private volatile Optional<HostedType> type = Optional.empty();
    private volatile Optional<Caller> caller = Optional.empty();
    // Written when a call ends, read in the mailbox after that end was posted, and by terminate at any time.
    private volatile Optional<EntryPoints> instance = Optional.empty();
    private volatile Optional<OpenContext> context = Optional.empty();
    private volatile Optional<RunningOperation> operation = Optional.empty();
    private volatile Optional<Deadline.Watch> cancelledWork = Optional.empty();

    Calls(
            Hosting hosting,
            ResourceSpec spec,
            KnownTypes types,
            Mailbox mailbox,
            Signals signals,
            Consumer<AdoptionRecord> adoptions) {
        this.hosting = hosting;
        this.resource = spec.resource();
        this.types = types;
        this.mailbox = mailbox;
        this.signals = signals;
        this.adoptions = adoptions;
        useNewestType(spec);
    }

    /// Takes the type as it is known now: after an upgrade the next instance is one of the new code.
    void useNewestType(ResourceSpec spec) {
        type = types.named(spec.type());
        caller = type.map(known -> Caller.ofResource(
                hosting, known, spec.resource(), Intervals.deadlockMillis(spec, known.description())));
    }

    /// Whether another version of its type is known by now; what was removed is served on as it is.
    boolean hasNewerType(ResourceSpec spec) {
        var newest = types.named(spec.type());
        return newest.isPresent() && !newest.equals(type);
    }

    Optional<HostedType> type() {
        return type;
    }

    Caller caller() {
        return caller.orElseThrow(() -> new IllegalStateException("the type is not known"));
    }

    /// What the open instance was given, if there is one.
    Optional<OpenContext> context() {
        return context;
    }

    /// Whether the instance can contest for a quorum device.
    boolean quorumCapable() {
        return instance.filter(QuorumCapable.class::isInstance).isPresent();
    }

    /// Whether the type tells of failures itself.
    boolean signals() {
        return context.map(OpenContext::signals).orElse(false);
    }

    /// Opens the resource. When that fails there is no instance that could be terminated: then whatever of the
    /// resource runs is ended here, before the failure is posted. What only the type could end, such as a mount,
    /// keeps the resource from being at rest: then it is opened again and again.
    ///
    /// @param leftover what an earlier monitor left of it
    void open(ResourceSpec spec, Leftovers.Leftover leftover) {
        if (type.isEmpty()) {
            var words = "cannot open resource '%s': its type '%s' is not known to this monitor. It knows: %s."
                    .formatted(spec.resource(), spec.type(), types.names());
            var threw = new ResourceEvent.OpenThrew(words);
            Thread.ofVirtual().name(resource + " open").start(() -> openThrew(threw, spec, leftover));
            return;
        }
        var hosted = type.get();
        use(spec);
        hosting.time().soon(() -> {
            var event = opened(spec, hosted, leftover);
            if (event instanceof ResourceEvent.OpenThrew threw) {
                openThrew(threw, spec, leftover);
            } else {
                mailbox.handleResult(event);
            }
        });
    }

    private void openThrew(ResourceEvent.OpenThrew threw, ResourceSpec spec, Leftovers.Leftover leftover) {
        var trouble = "only its type could end what is left of it";
        if (!leftover.onlyTheTypeEndsIt()) {
            try {
                hosting.processesOf(resource).endAll();
                mailbox.postResult(threw);
                return;
            } catch (ResourceFailure | RuntimeException e) {
                trouble = Words.of(e);
            }
        }
        var _ = hosting.time().after(TERMINATE_RETRY_MILLIS, () -> {
            useNewestType(spec);
            open(spec, leftover);
        });
        stillThere("open failed: %s. Something of it may still run (%s): the resource is not at rest"
                .formatted(threw.error(), trouble));
    }

    private void stillThere(String said) {
        mailbox.post(new ResourceEvent.StillThere(said), new Mailbox.Ticket());
        log(Level.ERROR, "%s. Next attempt in %d ms.".formatted(said, TERMINATE_RETRY_MILLIS));
    }

    private ResourceEvent opened(ResourceSpec spec, HostedType hosted, Leftovers.Leftover leftover) {
        try {
            hosted.enter(hosting);
        } catch (ResourceFailure e) {
            return caller().inside(
                            EntryPoint.OPEN,
                            () -> new ResourceEvent.OpenThrew(
                                    "cannot open resource '%s': %s".formatted(resource, e.getMessage())));
        }
        var event = caller().call(EntryPoint.OPEN, () -> {
            try {
                if (leftover.endFirst()) {
                    endAll();
                }
                var opening = OpenContext.of(spec, hosted, hosting, leftover.adoption(), signals);
                context = Optional.of(opening);
                instance = Optional.of(given(opening.open(hosted.type())));
                return new ResourceEvent.Opened();
            } catch (Throwable thrown) {
                context = Optional.empty();
                return new ResourceEvent.OpenThrew(Words.of(thrown), Words.lasting(thrown));
            }
        });
        if (event instanceof ResourceEvent.OpenThrew) {
            hosted.leave();
        }
        return event;
    }

    /// Takes over the settings of calls.
    void use(ResourceSpec spec) {
        type.ifPresent(known -> caller().limit(Intervals.deadlockMillis(spec, known.description())));
    }

    /// Ends every process of the resource before it is opened; terminate follows anyway.
    private void endAll() {
        try {
            hosting.processesOf(resource).endAll();
        } catch (ResourceFailure | RuntimeException e) {
            log(Level.ERROR, "something of it may still run: " + Words.of(e));
        }
    }

    void online(Reason reason, long epoch) {
        var running = operation(EntryPoint.ONLINE, reason, epoch);
        call(
                EntryPoint.ONLINE,
                () -> new ResourceEvent.OnlineReturned(returned(required().online(running), running)),
                thrown -> new ResourceEvent.OnlineThrew(Words.of(thrown), Words.lasting(thrown)));
    }

    void offline(Reason reason, long epoch) {
        var running = operation(EntryPoint.OFFLINE, reason, epoch);
        start(
                () -> {
                    // one turn for both: nothing comes between the notice and what it tells of
                    try (var _ = caller().take(EntryPoint.OFFLINE)) {
                        if (wantsReason()) {
                            notice(Controls.STATE_CHANGE_REASON, Map.of("reason", List.of(reason.name())));
                        }
                        return Optional.of(caller().inside(
                                        EntryPoint.OFFLINE,
                                        () -> new ResourceEvent.OfflineReturned(
                                                returned(required().offline(running), running))));
                    }
                },
                thrown -> Optional.of(new ResourceEvent.OfflineThrew(Words.of(thrown))));
    }

    private boolean wantsReason() {
        return type.orElseThrow()
                .description()
                .abilities()
                .characteristics()
                .contains(Characteristic.REQUIRES_STATE_CHANGE_REASON);
    }

    /// Tells the type something in a turn that is taken already.
    private void notice(String code, Map<String, List<String>> input) {
        try {
            caller().inside(
                            EntryPoint.RESOURCE_CONTROL,
                            () -> required().resourceControl(ControlCall.notice(code, input, caller())));
        } catch (Throwable thrown) {
            log(
                    Level.WARNING,
                    "the notice '%s' was not taken: %s. It goes on without.".formatted(code, Words.of(thrown)));
        }
    }

    private RunningOperation operation(EntryPoint call, Reason reason, long epoch) {
        var running = new RunningOperation(
                caller().site(call).working(),
                reason,
                epoch,
                adoptions,
                event -> mailbox.post(event, new Mailbox.Ticket()));
        operation = Optional.of(running);
        return running;
    }

    /// A type may be compiled with no check for null, and the state machine must never see one.
    private static <T> T given(@Nullable T answer) throws ResourceFailure {
        if (answer == null) {
            throw new ResourceFailure("the entry point returned null. This is a bug of the resource type.");
        }
        return answer;
    }

    private static Outcome returned(@Nullable Outcome answer, RunningOperation running) throws ResourceFailure {
        var outcome = given(answer);
        if (outcome == Outcome.PENDING && !running.hasWork()) {
            throw new ResourceFailure("the entry point returned PENDING without handing over work."
                    + " This is a bug of the resource type: it must return what Operation.pending answers.");
        }
        return outcome;
    }

    void looksAlive() {
        call(
                EntryPoint.LOOKS_ALIVE,
                () -> new ResourceEvent.LooksAliveAnswered(
                        Words.judged(given(required().looksAlive()))),
                thrown -> new ResourceEvent.LooksAliveAnswered(Health.dead(Words.of(thrown))));
    }

    void isAlive() {
        call(
                EntryPoint.IS_ALIVE,
                () -> new ResourceEvent.IsAliveAnswered(
                        Words.judged(given(required().isAlive()))),
                thrown -> new ResourceEvent.IsAliveAnswered(Health.dead(Words.of(thrown))));
    }

    /// Terminates, again and again until it succeeds: a resource of which something may still run is not at rest,
    /// and nobody may start it elsewhere. A call that was interrupted is no success, whatever the type makes of
    /// it.
    void terminate(Reason reason) {
        operation.ifPresent(RunningOperation::cancel);
        start(
                () -> {
                    if (wantsReason()) {
                        tellReasonBeside(reason);
                    }
                    return Optional.of(caller().call(EntryPoint.TERMINATE, () -> {
                        required().terminate(reason);
                        if (Thread.interrupted()) {
                            throw new InterruptedException("it was interrupted before it had ended everything");
                        }
                        return new ResourceEvent.TerminateReturned();
                    }));
                },
                thrown -> {
                    var _ = hosting.time().after(TERMINATE_RETRY_MILLIS, () -> terminate(reason));
                    var said = "terminate failed: %s. Something may still run: the resource is not at rest"
                            .formatted(Words.of(thrown));
                    stillThere(said);
                    return Optional.empty();
                });
    }

    /// Tells why terminate follows, unless another call runs; terminate does not wait for a slow answer.
    private void tellReasonBeside(Reason reason) throws InterruptedException {
        var telling = Thread.ofVirtual().name(resource + " state-change-reason").start(() -> {
            if (!caller().tryTake(
                            EntryPoint.RESOURCE_CONTROL,
                            () -> notice(Controls.STATE_CHANGE_REASON, Map.of("reason", List.of(reason.name()))))) {
                log(Level.INFO, "terminated while another call runs: the reason is told by terminate alone");
            }
        });
        telling.join(Duration.ofMillis(Deadline.SLOW_MILLIS));
    }

    /// Closes the instance; its controls are cancelled before.
    ///
    /// @param deleted whether the type is told that the resource is deleted
    void close(boolean deleted) {
        start(
                () -> {
                    hosting.controls().cancelOf(resource, CANCEL_GRACE_MILLIS);
                    try (var _ = caller().take(EntryPoint.CLOSE)) {
                        if (deleted) {
                            notice(Controls.DELETE, Map.of());
                        }
                        caller().inside(EntryPoint.CLOSE, () -> {
                            required().close();
                            return true;
                        });
                    } finally {
                        instance = Optional.empty();
                        context.ifPresent(OpenContext::giveBack);
                        context = Optional.empty();
                        type.orElseThrow().leave();
                    }
                    return Optional.of(new ResourceEvent.CloseReturned());
                },
                thrown -> {
                    log(Level.ERROR, "close failed: " + Words.of(thrown));
                    return Optional.of(new ResourceEvent.CloseReturned());
                });
    }

    /// Asks the instance a control, and `otherwise` when it does not support it.
    void control(ControlCall call, ControlCall.Otherwise otherwise) {
        call.run(
                EntryPoint.RESOURCE_CONTROL,
                request -> {
                    var open = instance;
                    return open.isPresent() ? open.get().resourceControl(request) : ControlAnswer.notSupported();
                },
                () -> switch (call.code()) {
                    case Controls.ARBITRATE -> quorum(EntryPoint.ARBITRATE, able -> able.arbitrate(this::quorumLost));
                    case Controls.RELEASE -> quorum(EntryPoint.RELEASE, QuorumCapable::release);
                    default -> openOr(otherwise.answer());
                });
    }

    private ControlResult openOr(ControlResult result) {
        return result instanceof ControlResult.NotSupported && instance.isEmpty()
                ? new ControlResult.Failed("resource '%s' is not open. Its state says why.".formatted(resource))
                : result;
    }

    /// Makes the instance take over newer settings, if each property that changed can change at once.
    ///
    /// @param ended is told why they wait for the next open; nothing when they were taken over
    void takeAtOnce(ResourceSpec spec, ControlsUnderWay.Addressed self, Consumer<String> ended) {
        PropertyValues newer;
        try {
            newer = new PropertyValues(type.orElseThrow().description(), spec.properties());
        } catch (IllegalArgumentException e) {
            ended.accept(Texts.cut(e.getMessage(), Limits.TEXT));
            return;
        }
        var values = context.orElseThrow().values();
        var changed = values.changedIn(newer);
        var later = type.orElseThrow().description().properties().stream()
                .filter(property -> changed.contains(property.name()) && property.applies() != Applies.AT_ONCE)
                .map(PropertyDescription::name)
                .toList();
        if (!later.isEmpty()) {
            ended.accept("%s cannot change while it is online.".formatted(String.join(", ", later)));
        } else if (changed.isEmpty()) {
            ended.accept("");
        } else {
            hosting.controls().send(Controls.SET_PRIVATE_PROPERTIES, resource, newer.all(), self, result -> {
                if (result instanceof ControlResult.Done) {
                    values.become(newer);
                }
                ended.accept(refusal(result));
            });
        }
    }

    private static String refusal(ControlResult result) {
        return switch (result) {
            case ControlResult.Done _ -> "";
            case ControlResult.NotSupported _ ->
                "the type does not take %s.".formatted(Controls.SET_PRIVATE_PROPERTIES);
            case ControlResult.Failed(var words) -> words;
        };
    }

    private interface Contest {
        void with(QuorumCapable able) throws ResourceFailure;
    }

    private ControlResult quorum(EntryPoint entry, Contest contest) throws ResourceFailure {
        return caller().call(entry, () -> {
            if (required() instanceof QuorumCapable able) {
                contest.with(able);
                return ControlResult.Done.NOTHING;
            }
            return new ControlResult.NotSupported(
                    "resource '%s' cannot contest for a quorum device: its type '%s' is not quorum-capable."
                            .formatted(
                                    resource, type.orElseThrow().description().name()));
        });
    }

    private void quorumLost(String evidence) {
        log(Level.ERROR, "the defence of the quorum device failed: " + evidence);
        signals.failed(FailureKind.GENERAL, "the defence of the quorum device failed: " + evidence);
    }

    void startWork() {
        operation.ifPresent(running -> running.startWork(end -> {
            cancelledWork.ifPresent(Deadline.Watch::close);
            mailbox.postResult(end);
        }));
    }

    void cancelWork() {
        operation.ifPresent(running -> running.cancel().ifPresent(worker -> {
            cancelledWork = Optional.of(hosting.deadline().watch(worker, caller().called("cancelled worker")));
            start(
                    () -> {
                        cancel(running);
                        return Optional.empty();
                    },
                    thrown -> {
                        log(Level.WARNING, "cancel failed: %s. Terminate follows.".formatted(Words.of(thrown)));
                        return Optional.empty();
                    });
        }));
    }

    /// By the time of its turn the operation may be over, and even another one under way.
    private void cancel(RunningOperation running) {
        caller().call(EntryPoint.CANCEL, () -> {
            if (operation.filter(now -> now == running).isPresent()) {
                instance.ifPresent(EntryPoints::cancel);
            }
            return true;
        });
    }

    private EntryPoints required() {
        return instance.orElseThrow(() -> new IllegalStateException("the resource is not open"));
    }

    private void call(EntryPoint entry, Callable<ResourceEvent> body, Function<Throwable, ResourceEvent> failed) {
        start(() -> Optional.of(caller().call(entry, body::call)), thrown -> Optional.of(failed.apply(thrown)));
    }

    /// @param failed answers how the call ended though it threw; nothing when it has not ended the matter
    private void start(Callable<Optional<ResourceEvent>> whole, Function<Throwable, Optional<ResourceEvent>> failed) {
        mailbox.call(() -> {
            try {
                return whole.call();
            } catch (Throwable thrown) {
                return failed.apply(thrown);
            } finally {
                // an interrupt that the type left behind must not disturb the writing of records
                var _ = Thread.interrupted();
            }
        });
    }

    private void log(Level level, String text) {
        hosting.voice().log(level, resource, text);
    }
}
