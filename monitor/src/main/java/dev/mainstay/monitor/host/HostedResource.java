package dev.mainstay.monitor.host;

import dev.mainstay.linux.ProcessTable;
import dev.mainstay.monitor.host.Mailbox.Ticket;
import dev.mainstay.monitor.record.LocalRecord;
import dev.mainstay.monitor.step.Effect;
import dev.mainstay.monitor.step.Effect.Alarm;
import dev.mainstay.monitor.step.Phase;
import dev.mainstay.monitor.step.ResourceEvent;
import dev.mainstay.monitor.step.ResourceState;
import dev.mainstay.monitor.step.ResourceStep;
import dev.mainstay.monitor.step.StepSettings;
import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.spi.AdoptionRecord;
import dev.mainstay.spi.Controls;
import dev.mainstay.spi.FailureKind;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.TypeDescription;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// One resource in its monitor: takes each event through the step function and does what follows.
///
/// **Threads:** [#post] and [#held] from anywhere, they never block; effects run in the resource's mailbox, entry
/// points on virtual threads.
final class HostedResource implements ControlsUnderWay.Addressed, Signals {
    /// At most five checkpoints or published values a second are reported; in milliseconds.
    private static final long REPORT_MILLIS = 200;

    private final Hosting hosting;
    private final Calls calls;
    private final Consumer<HostedResource> changed;
    private final Mailbox mailbox;
    // Not changed once it is made: the first sign of each kind that waits.
    private final Map<FailureKind, AtomicReference<String>> signs = new EnumMap<>(FailureKind.class);
    private final AtomicReference<Optional<ResourceEvent.Described>> description =
            new AtomicReference<>(Optional.empty());
    private final Alarms alarms;
    private final Object recordLock = new Object();
    private final Object reportLock = new Object();
    private final Leftovers.Leftover leftover;
    // Guarded by its lock: the record as it is on the disk, if it is known.
    private Optional<LocalRecord> recorded;
    // Written in the mailbox, read by whoever asks for the state at any time.
    private volatile ResourceState state;
    private volatile ResourceSpec opened;
    private volatile ResourceSpec wanted;
    private volatile StepSettings settings;
    private volatile Optional<AdoptionRecord> adoption;
    private volatile boolean reportWaits;
    // Written in the mailbox, read by controls.
    private volatile Optional<HeldResource> lastFailure = Optional.empty();
    // Set and read in the mailbox: settings that the instance is asked to take over, and what was asked before.
    private Optional<ResourceSpec> asking = Optional.empty();
    private long askedRevision;
    private boolean deleted;
    // Set and read in the mailbox: why the record that must precede online was not written.
    private Optional<IOException> unsaved = Optional.empty();

    /// @param why why the leftover is condemned, otherwise empty
    /// @param changed is called after every step
    HostedResource(
            Hosting hosting,
            KnownTypes types,
            ResourceSpec spec,
            Leftovers.Leftover leftover,
            String why,
            Consumer<HostedResource> changed) {
        this.hosting = hosting;
        for (var kind : FailureKind.values()) {
            signs.put(kind, new AtomicReference<>(""));
        }
        this.opened = spec;
        this.wanted = spec;
        this.changed = changed;
        this.leftover = leftover;
        this.adoption = leftover.adoption();
        this.recorded = leftover.record();
        this.settings = Intervals.of(spec, types.named(spec.type()));
        this.mailbox = new Mailbox(
                spec.resource(), this::step, thrown -> hosting.deadline().bug(spec.resource(), thrown));
        this.alarms = new Alarms(hosting.time(), hosting.measures(), mailbox);
        this.calls = new Calls(hosting, spec, types, mailbox, this, this::adoptable);
        this.state = ResourceState.opening(
                        leftover.kind(),
                        leftover.sequence(),
                        leftover.epoch(),
                        leftover.attempt(),
                        hosting.time().micros())
                .onlineSince(leftover.onlineSince())
                .because(why)
                .inMaintenance(spec.maintenance());
    }

    void open() {
        calls.open(opened, leftover);
    }

    String name() {
        return opened.resource();
    }

    ResourceSpec spec() {
        return opened;
    }

    HeldResource held() {
        return state.seenAs(opened.resource(), opened.revision());
    }

    boolean isClosed() {
        return state.phase() instanceof Phase.Closed;
    }

    /// Whether nothing of it runs and nothing is under way.
    boolean atRest() {
        return switch (state.phase()) {
            case Phase.Offline _, Phase.Failed _, Phase.Closed _ -> true;
            case Phase.Opening _,
                    Phase.Confirming _,
                    Phase.OnlineCall _,
                    Phase.OnlinePending _,
                    Phase.Online _,
                    Phase.Checking _,
                    Phase.OfflineCall _,
                    Phase.OfflinePending _,
                    Phase.Draining _,
                    Phase.Terminating _,
                    Phase.Closing _ -> false;
        };
    }

    /// Settings for the next open.
    void prefer(ResourceSpec spec) {
        if (spec.revision() > wanted.revision()) {
            var before = wanted;
            wanted = spec;
            if (spec.maintenance() != before.maintenance()) {
                mailbox.postResult(new ResourceEvent.MaintenanceChanged(spec.maintenance()));
                if (calls.context().isPresent()) {
                    tellMaintenance(spec.maintenance());
                }
            }
            post(new ResourceEvent.SettingsChanged());
        }
    }

    /// The types were looked for again: another version of its own is used once it is at rest.
    void typesChanged() {
        if (calls.hasNewerType(opened)) {
            post(new ResourceEvent.SettingsChanged());
        }
    }

    private void tellMaintenance(boolean begins) {
        hosting.controls()
                .send(
                        Controls.SET_MAINTENANCE_MODE,
                        name(),
                        Map.of("maintenance", List.of(Boolean.toString(begins))),
                        this,
                        result -> {
                            if (result instanceof ControlResult.Failed(var words)) {
                                hosting.voice()
                                        .log(
                                                Level.WARNING,
                                                name(),
                                                "maintenance %s, but the type did not take the notice: %s"
                                                        .formatted(begins ? "begins" : "ends", words));
                            }
                        });
    }

    @Override
    public Optional<TypeDescription> description() {
        return calls.type().map(HostedType::description);
    }

    @Override
    public Caller caller() {
        return calls.caller();
    }

    @Override
    public void ask(ControlCall call) {
        calls.control(
                call,
                () -> DefaultProcessing.ofResource(
                        call.code(),
                        call.input(),
                        new DefaultProcessing.Known(
                                calls.context().isPresent() ? opened : wanted,
                                held(),
                                wanted.maintenance(),
                                lastFailure,
                                adoption,
                                calls.quorumCapable(),
                                hosting.measures().answer(0, hosting.deadline().underway())),
                        description().orElseThrow()));
    }

    void post(ResourceEvent event) {
        if (!mailbox.post(event, new Ticket())) {
            hosting.voice()
                    .log(
                            Level.WARNING,
                            name(),
                            "%s is dropped: too many events wait for this resource. It comes again."
                                    .formatted(event.getClass().getSimpleName()));
        }
    }

    /// Of many signs the first one counts.
    @Override
    public void failed(FailureKind kind, String evidence) {
        var waiting = signs.get(kind);
        if (waiting != null && waiting.compareAndSet("", evidence.isEmpty() ? "it does not say why" : evidence)) {
            mailbox.postNews(() -> {
                var sign = waiting.getAndSet("");
                return kind == FailureKind.GENERAL
                        ? new ResourceEvent.Suspected(sign)
                        : new ResourceEvent.ConditionSignalled(kind, sign);
            });
        }
    }

    /// Of many descriptions the last one counts.
    @Override
    public void described(String locked, Map<String, String> published) {
        var newer = Optional.of(new ResourceEvent.Described(locked, published));
        if (description.getAndSet(newer).isEmpty()) {
            mailbox.postNews(() -> description.getAndSet(Optional.empty()).orElseThrow());
        }
    }

    private void adoptable(AdoptionRecord record) {
        adoption = Optional.of(record);
        try {
            save();
        } catch (IOException e) {
            throw new NotRecorded(name(), e);
        }
    }

    private void step(ResourceEvent event) {
        if (event instanceof ResourceEvent.CloseOrdered(var reason) && reason == Reason.DELETED) {
            deleted = true;
        } else if (event instanceof ResourceEvent.SettingsAnswered(var refusal)) {
            settingsAnswered(refusal.isEmpty());
        }
        var step = ResourceStep.of(state, event, settings, hosting.time().micros());
        state = step.next();
        for (var effect : step.effects()) {
            perform(effect);
        }
        takeAtOnce();
        changed.accept(this);
    }

    /// Newer settings of what is online take effect at once, if its type can do that; otherwise at the next open.
    private void takeAtOnce() {
        boolean online = state.phase() instanceof Phase.Online || state.phase() instanceof Phase.Checking;
        var newer = wanted;
        if (!online
                || !state.stale()
                || asking.isPresent()
                || newer.revision() <= Math.max(opened.revision(), askedRevision)) {
            return;
        }
        asking = Optional.of(newer);
        askedRevision = newer.revision();
        calls.takeAtOnce(newer, this, why -> mailbox.postResult(new ResourceEvent.SettingsAnswered(why)));
    }

    private void settingsAnswered(boolean taken) {
        asking.filter(spec -> taken && spec.revision() > opened.revision()).ifPresent(spec -> {
            opened = spec;
            settings = Intervals.of(spec, calls.type());
            calls.use(spec);
        });
        asking = Optional.empty();
        if (taken && (wanted.revision() > opened.revision() || calls.hasNewerType(opened))) {
            post(new ResourceEvent.SettingsChanged());
        }
    }

    private void perform(Effect effect) {
        switch (effect) {
            case Effect.CallOpen _ -> {
                opened = wanted;
                calls.useNewestType(opened);
                settings = Intervals.of(opened, calls.type());
                calls.open(opened, Leftovers.Leftover.NOTHING);
            }
            case Effect.CallOnline(var epoch, var reason) -> online(reason, epoch);
            case Effect.CallOffline(var epoch, var reason) -> calls.offline(reason, epoch);
            case Effect.CallLooksAlive _ -> {
                alarms.began(Alarm.LOOKS_ALIVE);
                calls.looksAlive();
            }
            case Effect.CallIsAlive _ -> {
                alarms.began(Alarm.IS_ALIVE);
                calls.isAlive();
            }
            case Effect.CallTerminate(var reason) -> calls.terminate(reason);
            case Effect.CallClose _ -> calls.close(deleted && forGood());
            case Effect.StartWork _ -> calls.startWork();
            case Effect.CancelWork _ -> calls.cancelWork();
            case Effect.Arm(var alarm, var delayMillis) -> arm(alarm, delayMillis);
            case Effect.DisarmAll _ -> alarms.disarmAll();
            case Effect.SaveRecord _ -> trySave();
            case Effect.DropRecord _ -> drop();
            case Effect.Report _ -> report();
            case Effect.ReportSoon _ -> reportSoon();
            case Effect.ReportClosed _ -> reportClosed();
            case Effect.Log(var level, var text) -> hosting.voice().log(level, name(), text);
        }
    }

    private boolean forGood() {
        return state.phase() instanceof Phase.Closing(var reopen, var _, var _) && !reopen;
    }

    private void arm(Alarm alarm, long delayMillis) {
        boolean off = switch (alarm) {
            case LOOKS_ALIVE -> calls.signals();
            case PENDING -> hosting.debugged();
            case CANCEL, IS_ALIVE, RECHECK -> false;
        };
        if (off) {
            alarms.disarm(alarm);
        } else {
            alarms.arm(alarm, delayMillis);
        }
    }

    private void reportSoon() {
        if (!reportWaits) {
            reportWaits = true;
            hosting.time().after(REPORT_MILLIS, () -> {
                reportWaits = false;
                report();
            });
        }
    }

    /// The timer of a checkpoint must not tell an older state after a newer one, nor of a resource already
    /// closed.
    private void report() {
        synchronized (reportLock) {
            var held = held();
            if (held.state() == HeldState.FAILED) {
                lastFailure = Optional.of(held);
            }
            if (!isClosed()) {
                hosting.voice().report(held);
            }
        }
    }

    /// Whoever hears it may open the resource in another monitor.
    private void reportClosed() {
        try {
            hosting.marks().forget(name(), opened.type());
            hosting.records().release(name());
        } catch (IOException e) {
            hosting.voice()
                    .log(Level.ERROR, name(), "its claim cannot be given back: %s. Check the disk.".formatted(e));
        }
        synchronized (reportLock) {
            hosting.voice().closed(name());
        }
    }

    private void online(Reason reason, long epoch) {
        if (unsaved.isPresent()) {
            mailbox.postResult(new ResourceEvent.OnlineThrew(NotRecorded.words(name(), unsaved.get())));
        } else {
            calls.online(reason, epoch);
        }
    }

    /// A record that cannot be written keeps a resource from coming online; one that is online stays so.
    private void trySave() {
        unsaved = Optional.empty();
        try {
            save();
        } catch (IOException e) {
            unsaved = Optional.of(e);
            hosting.voice()
                    .log(
                            Level.WARNING,
                            name(),
                            "the adoption record cannot be written: %s. If this monitor dies now, the resource is"
                                            .formatted(e.getMessage())
                                    + " restarted instead of adopted. Make room on the disk.");
        }
    }

    /// Writes the record unless the one on the disk says the same, as it does of what was adopted.
    private void save() throws IOException {
        synchronized (recordLock) {
            var record = new LocalRecord(
                    opened,
                    state.held(),
                    state.sequence(),
                    state.epoch(),
                    state.attempt(),
                    LocalRecord.written(adoption),
                    hosting.monitor(),
                    ProcessTable.bootId(),
                    state.held() == HeldState.ONLINE ? state.changedAt() : 0);
            if (recorded.filter(record::saysTheSameAs).isEmpty()) {
                recorded = Optional.empty();
                hosting.records().save(record);
                recorded = Optional.of(record);
            }
        }
    }

    private void drop() {
        synchronized (recordLock) {
            adoption = Optional.empty();
            recorded = Optional.empty();
            try {
                hosting.records().drop(name());
            } catch (IOException e) {
                hosting.voice().log(Level.WARNING, name(), "the adoption record cannot be removed: " + e);
            }
        }
    }
}
