package dev.mainstay.service.node;

import dev.mainstay.api.MonitorView;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceSettings;
import dev.mainstay.linux.ProcessTable;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService.ControlDone;
import dev.mainstay.protocol.ToService.ControlDone.Result;
import dev.mainstay.protocol.ToService.Measures;
import dev.mainstay.service.http.MonitorDesk;
import dev.mainstay.service.http.TypeCheck.Missing;
import dev.mainstay.service.http.TypeCheck.Verdict;
import dev.mainstay.service.monitors.Ending;
import dev.mainstay.service.monitors.MonitorName;
import dev.mainstay.service.monitors.MonitorSetup;
import dev.mainstay.service.monitors.MonitorStatus;
import dev.mainstay.service.monitors.MonitorStatus.State;
import dev.mainstay.service.monitors.Monitors;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The monitors of this node and what they host, for whoever asks: the control of resources, the API.
///
/// **Threads:** any.
final class NodeMonitors implements MonitorDesk, Desks {
    /// The control of resources answers within milliseconds unless it is starved.
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

    /// Who sets a property waits for this; a type checks within milliseconds, unless another call of the resource
    /// is under way. A type that needs a worker for it may ask for more.
    private static final Duration VALIDATE_LIMIT = Duration.ofSeconds(5);

    /// Nobody waits for the answer to a notice; the monitor lets a type work on it for so long.
    private static final Duration NOTICE_LIMIT = Duration.ofMinutes(1);

    private static final DateTimeFormatter TIME_OF_DAY =
            DateTimeFormatter.ofPattern("HH:mm:ss 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    /// Whoever applies a manifest waits so long for what types say of all of it; the rest shows at the start.
    private static final Duration VERDICTS_LIMIT = Duration.ofSeconds(10);

    /// Fewer than a monitor takes at once.
    private static final int ASKED_AT_ONCE = 32;

    private static final String VALIDATE = "validate-private-properties";

    private static final double BYTES_PER_MIB = 1 << 20;

    private final NodeId self;
    private final Supplier<ResourceControl> control;
    private final LatestMeasures latest = new LatestMeasures(this::measures, InstantSource.system(), System::nanoTime);
    // Set once at the start, read by any.
    private volatile @Nullable Monitors monitors;

    /// @param control is asked after the start only
    NodeMonitors(NodeId self, Supplier<ResourceControl> control) {
        this.self = self;
        this.control = control;
    }

    void started(Monitors running) {
        monitors = running;
    }

    private Optional<Monitors> running() {
        return Optional.ofNullable(monitors);
    }

    @Override
    public void send(String monitor, ToMonitor message) {
        running().ifPresent(all -> all.send(monitor, message));
    }

    @Override
    public void tell(String monitor, Notices.Notice notice, Consumer<Boolean> heard) {
        var all = running();
        if (all.isEmpty()) {
            heard.accept(false);
            return;
        }
        var _ = all.get()
                .tell(monitor, notice.resource(), notice.type(), notice.code(), notice.input(), NOTICE_LIMIT)
                .thenAccept(heard);
    }

    @Override
    public void need(String monitor, MonitorSetup setup) {
        running().ifPresent(all -> all.need(monitor, setup));
    }

    @Override
    public void release(String monitor) {
        running().ifPresent(all -> all.release(monitor));
    }

    /// The pid of the default monitor, 0 while there is none.
    long pid() {
        return running().map(all -> all.pid(MonitorName.DEFAULT)).orElse(0L);
    }

    @Override
    public CompletableFuture<ControlDone> ask(
            String monitor,
            String resource,
            String type,
            String code,
            Map<String, List<String>> input,
            Duration limit) {
        return running()
                .map(all -> all.control(monitor, resource, type, code, input, limit))
                .orElseGet(() -> CompletableFuture.completedFuture(
                        new ControlDone(0, Result.FAILED, Map.of(), "node '%s' is starting".formatted(self))));
    }

    @Override
    public List<Measured> measures() throws InterruptedException {
        return latest.of(running().map(Monitors::all).orElse(List.of()).stream()
                .map(MonitorStatus::name)
                .toList());
    }

    /// What the type of a resource objects to, if it is hosted here and its monitor is there to ask it.
    ///
    /// @param properties all private properties as they would be
    Optional<String> objection(ResourceId resource, String type, Map<String, List<String>> properties)
            throws InterruptedException {
        var host = Optional.ofNullable(control.get().view().places().get(resource))
                .filter(monitor -> running()
                        .flatMap(all -> all.status(monitor))
                        .filter(status -> status.state() == State.READY)
                        .isPresent());
        if (host.isEmpty()) {
            return Optional.empty();
        }
        try {
            var done = ask(host.get(), resource.value(), type, VALIDATE, properties, VALIDATE_LIMIT)
                    .get();
            return switch (done.result()) {
                case DONE, NOT_SUPPORTED -> Optional.empty();
                case FAILED -> Optional.of(done.error());
            };
        } catch (ExecutionException bug) {
            throw new IllegalStateException("a control fails by its result only", bug);
        }
    }

    /// What the types say of settings before resources get them, as far as the default monitor answers in time.
    List<Verdict> verdicts(List<ResourceSettings> settings) throws InterruptedException {
        var verdicts = new ArrayList<Verdict>();
        var ready = running()
                .flatMap(all -> all.status(MonitorName.DEFAULT))
                .filter(status -> status.state() == State.READY)
                .isPresent();
        var end = System.nanoTime() + VERDICTS_LIMIT.toNanos();
        for (int from = 0; ready && from < settings.size() && System.nanoTime() < end; from += ASKED_AT_ONCE) {
            var asked = settings.subList(from, Math.min(from + ASKED_AT_ONCE, settings.size())).stream()
                    .map(one -> ask(
                            MonitorName.DEFAULT,
                            "",
                            one.type().value(),
                            VALIDATE,
                            new TreeMap<>(one.properties()),
                            VALIDATE_LIMIT))
                    .toList();
            for (var one : asked) {
                verdicts.add(verdict(one));
            }
        }
        return verdicts;
    }

    /// A control that failed is no objection: nobody knows.
    private static Verdict verdict(CompletableFuture<ControlDone> asked) throws InterruptedException {
        try {
            var done = asked.get();
            var output = done.output();
            var words = output.getOrDefault("missing", List.of());
            var at = output.getOrDefault("missingAt", List.of());
            var leadsTo = output.getOrDefault("leadsTo", List.of());
            var missing = new ArrayList<Missing>();
            for (int i = 0; i < words.size(); i++) {
                missing.add(new Missing(
                        words.get(i), i < at.size() ? at.get(i) : "", i < leadsTo.size() ? leadsTo.get(i) : ""));
            }
            return done.result() == Result.DONE
                    ? new Verdict(output.getOrDefault("wrong", List.of()), missing)
                    : Verdict.NOTHING;
        } catch (ExecutionException bug) {
            throw new IllegalStateException("a control fails by its result only", bug);
        }
    }

    /// Asks what a monitor measured since its start.
    private CompletableFuture<Measures> measures(String monitor, Duration limit) {
        return running()
                .map(all -> all.measures(monitor, limit))
                .orElseGet(() -> CompletableFuture.failedFuture(
                        new IllegalStateException("node '%s' is starting".formatted(self))));
    }

    /// Makes every monitor look at its folders of plugins again.
    void loadPlugins() {
        running().ifPresent(Monitors::loadPlugins);
    }

    @Override
    public List<MonitorView> all() {
        var hosting = control.get().view();
        return running().map(Monitors::all).orElse(List.of()).stream()
                .map(status -> view(status, hosting))
                .toList();
    }

    private MonitorView view(MonitorStatus status, Hosting.View hosting) {
        var hosted = hosting.hostedBy(status.name());
        var isolated = hosted.stream()
                .flatMap(name -> Optional.ofNullable(hosting.notes().get(new ResourceId(name))).stream()
                        .map(note -> "%s: %s".formatted(name, note)))
                .toList();
        return new MonitorView(
                status.name(),
                self.value(),
                words(status.state()),
                status.pid(),
                text(status.since()),
                status.startsAt().map(NodeMonitors::text).orElse(""),
                status.debugPort(),
                status.crashes(),
                status.last().map(Ending::reason).orElse(""),
                status.last().map(end -> text(end.at())).orElse(""),
                status.last().map(Ending::evidence).orElse(""),
                status.pid() == 0 ? 0 : ProcessTable.residentBytes(status.pid()) / BYTES_PER_MIB,
                status.limits(),
                status.trouble(),
                isolated,
                hosted,
                control.get().refused(status.name()),
                null);
    }

    private static String time(Instant time) {
        return TIME_OF_DAY.format(time);
    }

    private static String words(State state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String text(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    @Override
    public List<String> notices() {
        var notices = new ArrayList<String>();
        for (var status : running().map(Monitors::all).orElse(List.of())) {
            var name = status.name();
            if (!status.trouble().isEmpty()) {
                notices.add("monitor '%s' on node '%s': %s".formatted(name, self, status.trouble()));
            }
            if (status.state() == State.NOT_ANSWERING) {
                var hosted = control.get().view().hostedBy(name).size();
                notices.add(
                        "monitor '%s' on node '%s' is not answering since %s: what is shown of its %d %s is last known"
                                .formatted(
                                        name,
                                        self,
                                        time(status.since()),
                                        hosted,
                                        hosted == 1 ? "resource" : "resources"));
            }
            if (status.state() == State.WAITING) {
                notices.add("monitor '%s' on node '%s' ended %d times within an hour and is started again at %s"
                        .formatted(
                                name,
                                self,
                                status.crashes(),
                                status.startsAt().map(NodeMonitors::text).orElse("once")));
            }
            if (status.debugPort() > 0) {
                notices.add("monitor '%s' on node '%s' is debugged at 127.0.0.1:%d"
                        .formatted(name, self, status.debugPort()));
            }
        }
        var hosting = control.get().view();
        hosting.notes().forEach((id, note) -> notices.add("resource '%s': %s".formatted(id, note)));
        return notices;
    }

    @Override
    public Optional<Place> placeOf(String resource) {
        var id = new ResourceId(resource);
        var hosting = control.get().view();
        var port = running().stream()
                .flatMap(all -> all.all().stream())
                .filter(status -> status.name().equals(hosting.places().get(id)) && status.debugPort() > 0)
                .map(status -> "debugger at 127.0.0.1:%d".formatted(status.debugPort()));
        return Optional.ofNullable(hosting.places().get(id)).map(monitor -> {
            var notes = new ArrayList<String>();
            port.forEach(notes::add);
            Optional.ofNullable(hosting.notes().get(id)).ifPresent(notes::add);
            return new Place(monitor, String.join("; ", notes));
        });
    }

    @Override
    public Optional<String> lastKnown(String resource, String owner) {
        if (!owner.equals(self.value()) || running().isEmpty()) {
            return Optional.empty();
        }
        var host = Optional.ofNullable(control.get().view().places().get(new ResourceId(resource)));
        if (host.isEmpty()) {
            return Optional.of("no monitor hosts it now");
        }
        return running().flatMap(all -> all.status(host.get())).flatMap(status -> switch (status.state()) {
            case READY -> Optional.empty();
            case NOT_ANSWERING ->
                Optional.of("monitor '%s' is not answering since %s".formatted(host.get(), time(status.since())));
            case STARTING, WAITING, ENDING, STUCK, ENDED ->
                Optional.of("monitor '%s' is %s since %s"
                        .formatted(host.get(), words(status.state()), time(status.since())));
        });
    }

    @Override
    public boolean restart(String monitor) {
        return running().filter(all -> all.restart(monitor)).isPresent();
    }

    @Override
    public Debugging debug(String resource, boolean begins, String actor) throws InterruptedException {
        try {
            var answer = control.get()
                    .debug(new ResourceId(resource), begins, actor)
                    .get(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            return new Debugging(answer.monitor(), answer.atOnce());
        } catch (ExecutionException | TimeoutException late) {
            throw new IllegalStateException("the control of resources did not answer", late);
        }
    }
}
