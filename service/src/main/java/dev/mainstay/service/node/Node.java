package dev.mainstay.service.node;

import dev.mainstay.api.ErrorCode;
import dev.mainstay.core.decision.Command;
import dev.mainstay.core.event.LogEntry;
import dev.mainstay.core.order.Orders;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Reason.Rule;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceSettings;
import dev.mainstay.core.state.Words;
import dev.mainstay.service.control.Answer;
import dev.mainstay.service.control.Cluster;
import dev.mainstay.service.control.ClusterClock;
import dev.mainstay.service.control.Controller;
import dev.mainstay.service.control.Request;
import dev.mainstay.service.control.Rules;
import dev.mainstay.service.http.ApiServer;
import dev.mainstay.service.http.Surroundings;
import dev.mainstay.service.http.TypeCheck;
import dev.mainstay.service.journal.Journal;
import dev.mainstay.service.journal.LocalFact;
import dev.mainstay.service.log.DirectoryCheck;
import dev.mainstay.service.log.DirectoryCheck.Admitted;
import dev.mainstay.service.log.DirectoryRefused;
import dev.mainstay.service.log.Membership;
import dev.mainstay.service.log.RatisLog;
import dev.mainstay.service.log.SealedLog;
import dev.mainstay.service.monitors.LastResort;
import dev.mainstay.service.monitors.MonitorCommand;
import dev.mainstay.service.monitors.Monitors;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One node of a cluster, from its start to its end.
///
/// **Threads:** [#start] and [#stop] block; call each once.
public final class Node {
    /// How long a start waits for a leader before it says once more that there is none.
    static final Duration LEADER_LIMIT = Duration.ofSeconds(10);
    /// At the end, how long to look for a leader that takes note of it.
    static final Duration FAREWELL_LIMIT = Duration.ofSeconds(5);
    /// Longest time for everything to go offline at the end: longer than the default pending timeout of a
    /// resource.
    static final Duration REST_LIMIT = Duration.ofMinutes(5);
    /// A monitor that holds nothing any more ends at once; a starved one needs a while.
    static final Duration MONITOR_LIMIT = Duration.ofSeconds(10);

    /// The control of resources looks every five seconds at the latest; one that has not for this long hangs, or
    /// has no processor: then it is not there for its monitors.
    static final Duration TURN_LIMIT = Duration.ofSeconds(20);

    /// The controller waits for the disk, for an election and for a decision: each has a limit of its own below
    /// this.
    static final Duration CONTROLLER_TURN_LIMIT = Duration.ofSeconds(60);

    private static final Duration RETRY_INTERVAL = Duration.ofMillis(100);
    private static final Duration JOIN_INTERVAL = Duration.ofMillis(10);
    private static final Duration TELL_INTERVAL = Duration.ofSeconds(10);
    private static final Duration REST_LOOK_INTERVAL = Duration.ofMillis(5);
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    private final NodeSettings settings;
    private final DataDirectory data;
    private final Callbacks callbacks;
    private final Membership membership;
    private final Admitted admitted;
    private final long incarnation;
    private final Journal journal;
    private final ClusterClock clock = ClusterClock.ofThisMachine();
    private final Controller controller;
    private final NodeMonitors desk;
    private final ResourceControl control;
    private final Thread controlThread;
    // Set once at the start, read by whoever stops the node.
    private volatile @Nullable Monitors monitors;
    private volatile @Nullable ApiServer api;
    private volatile boolean stopping;
    private volatile boolean joined;
    // Written by the API, read by whoever stops the node; who asked for it, or none for a stop that keeps nothing.
    private volatile Optional<String> keepsFor = Optional.empty();

    /// What a node reports to its process.
    ///
    /// @param bug something happened that must not: the process is to be halted
    /// @param stopRequested somebody asked over the API to stop the node; returns at once
    public record Callbacks(Consumer<Throwable> bug, Runnable stopRequested) {}

    private Node(NodeSettings settings, DataDirectory data, Admitted admitted, Callbacks callbacks) throws IOException {
        this.settings = settings;
        this.data = data;
        this.callbacks = callbacks;
        this.membership = admitted.membership();
        this.admitted = admitted;
        this.incarnation = admitted.identity().incarnation();
        this.journal = Journal.open(data.path().resolve("journal"), InstantSource.system());
        this.controller = new Controller(settings.cluster(), Rules.ofCore(), clock, callbacks.bug());
        this.desk = new NodeMonitors(settings.node(), this::control);
        this.control = new ResourceControl(new ResourceControl.Parts(
                settings.node(),
                incarnation,
                controller,
                Orders::ordersFor,
                desk,
                journal::note,
                InstantSource.system(),
                data.isFirstStartOf(version())));
        this.controlThread = Thread.ofPlatform()
                .name("resource-control")
                .uncaughtExceptionHandler((_, bug) -> callbacks.bug().accept(bug))
                .unstarted(control);
        controller.watch(journal::record);
        var story = new Story(settings.node());
        controller.watch(new Cluster.Watcher() {
            @Override
            public void applied(ClusterState before, LogEntry entry, ClusterState after) {
                control.applied(entry, after);
                if (joined()) {
                    // What is replayed at the start was told when it happened.
                    story.of(before, entry, after, controller.leads()).forEach(LOG::info);
                }
            }

            @Override
            public void restored(ClusterState state) {
                control.restored(state);
            }
        });
    }

    /// Takes the data directory; nothing runs yet.
    ///
    /// **Errors:** [InUseException] when another cluster service has it, [DirectoryRefused] when what it holds
    /// cannot be used, `IOException` for other trouble outside.
    public static Node open(NodeSettings settings, DirectoryCheck.Start start, Callbacks callbacks) throws IOException {
        var data = lock(settings);
        try {
            var membership = settings.members().isEmpty()
                    ? Membership.alone(settings.cluster(), settings.node())
                    : new Membership(settings.cluster(), settings.node(), settings.members());
            return new Node(
                    settings,
                    data,
                    DirectoryCheck.admit(data.path(), membership, start, Monitors.running(data.path())),
                    callbacks);
        } catch (IOException | RuntimeException e) {
            data.close();
            throw e;
        }
    }

    /// Starts everything and returns when the API answers and the cluster has taken note of this node.
    ///
    /// **Time:** waits for a leader as long as it takes; says every ten seconds that it does.
    public void start() throws IOException, InterruptedException {
        var started = Monitors.start(
                new Monitors.Setting(
                        data.path(),
                        scope(),
                        settings.hold(),
                        settings.silence(),
                        MonitorCommand.ofThisInstallation(),
                        new LastResort(settings.lastResort())),
                control,
                () -> control.lastTurn().compareTo(TURN_LIMIT) < 0,
                callbacks.bug());
        monitors = started;
        desk.started(started);
        control.expect(started.takenUp(), started.leftBehind());
        controlThread.start();
        var apiStart = CompletableFuture.supplyAsync(
                this::startApi, task -> Thread.ofPlatform().name("api-start").start(task));
        controller.start(replica -> SealedLog.open(
                admitted.seal(),
                admitted.applied(),
                replica,
                callbacks.bug(),
                below -> RatisLog.open(membership, data.path().resolve("log"), below, callbacks.bug())));
        join();
        DirectoryWatch.begin(data.path(), admitted, membership, callbacks.bug());
        try {
            api = apiStart.join();
        } catch (CompletionException e) {
            throw new IOException("start the API on '%s': %s".formatted(settings.socket(), e.getCause()), e);
        }
    }

    /// Whether what must go on in a service does: its control of resources and its controller.
    public boolean isAlive() {
        return control.lastTurn().compareTo(TURN_LIMIT) < 0
                && controller.lastTurn().compareTo(CONTROLLER_TURN_LIMIT) < 0;
    }

    private static DataDirectory lock(NodeSettings settings) throws IOException {
        try {
            return DataDirectory.open(settings.data());
        } catch (DataDirectory.InUse e) {
            throw new InUseException(String.valueOf(e.getMessage()));
        }
    }

    /// Another cluster service uses the data directory.
    public static final class InUseException extends RuntimeException {
        private static final long serialVersionUID = 1;

        InUseException(String message) {
            super(message);
        }
    }

    /// Marks the processes of this node's resources.
    private String scope() {
        return "%s/%s@%s".formatted(settings.cluster(), settings.node(), settings.data());
    }

    private ApiServer startApi() {
        return ApiServer.start(
                settings.socket(),
                new Surroundings(
                        settings.node(),
                        controller,
                        control::types,
                        new JournalFacts(journal),
                        desk,
                        this::joined,
                        typeCheck(),
                        desk::loadPlugins,
                        MonitorCommand.plugins(settings.data()),
                        this::stopRequested));
    }

    private Duration stopRequested(boolean keep, String actor) {
        keepsFor = Optional.of(actor).filter(_ -> keep);
        callbacks.stopRequested().run();
        return settings.hold();
    }

    private TypeCheck typeCheck() {
        return new TypeCheck() {
            @Override
            public Optional<String> objection(ResourceId resource, Map<String, List<String>> properties)
                    throws InterruptedException {
                var type = controller
                        .state()
                        .resource(resource)
                        .map(one -> one.settings().type().value());
                return type.isPresent() ? desk.objection(resource, type.get(), properties) : Optional.empty();
            }

            @Override
            public List<Verdict> verdicts(List<ResourceSettings> settings) throws InterruptedException {
                return desk.verdicts(settings);
            }
        };
    }

    private boolean joined() {
        return joined
                || controller
                        .state()
                        .node(settings.node())
                        .filter(node -> node.incarnation() == incarnation)
                        .isPresent();
    }

    private ResourceControl control() {
        return control;
    }

    private static String version() throws IOException {
        try (var stream = Objects.requireNonNull(Node.class.getResourceAsStream("version.properties"))) {
            var properties = new Properties();
            properties.load(stream);
            return properties.getProperty("version", "");
        }
    }

    /// Has the cluster take note of this start.
    private void join() throws IOException, InterruptedException {
        var command = new Command.StartNode(settings.node(), incarnation, clock.boot());
        var toldAt = System.nanoTime();
        while (!stopping) {
            var answer = ask("start node '%s'".formatted(settings.node()), command, LEADER_LIMIT);
            if (answer instanceof Answer.Done(var revision, var _)
                    && controller.awaitRevision(revision, LEADER_LIMIT)) {
                checkNewest();
                joined = true;
                return;
            }
            if (System.nanoTime() - toldAt > LEADER_LIMIT.toNanos()) {
                toldAt = System.nanoTime();
                LOG.warn("start node '{}': {}. It goes on trying.", settings.node(), answer);
            }
            TimeUnit.NANOSECONDS.sleep(JOIN_INTERVAL.toNanos());
        }
    }

    /// The cluster may know a later start of this node: then its data are older than the log, and whatever this
    /// one reported would be ignored.
    private void checkNewest() throws IOException {
        long known = controller
                .state()
                .node(settings.node())
                .map(node -> node.incarnation())
                .orElse(0L);
        if (known > incarnation) {
            throw new DirectoryRefused(
                    ErrorCode.DATA_OLDER,
                    ("start node '%s' for the %d. time: the cluster knows its %d. start already. The data in '%s' are an older"
                                    + " copy, or another node has the same name. Put the newer data back, or go on with the log as"
                                    + " it is: start once with --recover.")
                            .formatted(settings.node(), incarnation, known, settings.data()));
        }
    }

    private Answer ask(String text, Command command, Duration limit) throws InterruptedException {
        var id = "%s-%d-%s".formatted(settings.node(), incarnation, text.replace(' ', '-'));
        var request = new Request(id, "node " + settings.node(), text, command, false);
        try {
            return controller.submit(request).get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            return new Answer.Unknown("no answer within %d s".formatted(limit.toSeconds()));
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /// Takes everything on this node offline, in order, and ends everything started; what somebody works on goes
    /// on with its monitor. When the stop was asked to keep the resources, all monitors go on.
    ///
    /// **Time:** [#REST_LIMIT] and then some; what is in the way is logged. A node without a leader has its
    /// monitor take everything offline.
    public void stop() throws InterruptedException {
        stopping = true;
        if (keepsFor.isPresent()) {
            stopKeeping(keepsFor.get());
            return;
        }
        boolean resting = comeToRest();
        var kept = control.kept();
        if (!kept.isEmpty()) {
            kept.forEach((monitor, resources) -> tellKept(
                    "node '%s' stops; monitor '%s' goes on with what is in maintenance and what that needs, %s, for %s"
                            .formatted(settings.node(), monitor, resources, Words.of(settings.hold())),
                    "the cluster service"));
            // The cluster does not take note of a node that is down: what is kept still runs here.
        } else if (resting) {
            var left = ask(
                    "leave node '%s'".formatted(settings.node()),
                    new Command.LeaveNode(settings.node(), incarnation),
                    FAREWELL_LIMIT);
            LOG.debug("leave: {}", left);
        }
        var running = monitors;
        if (running != null) {
            var limit = resting ? MONITOR_LIMIT : REST_LIMIT;
            if (!running.stop("SHUTDOWN", kept.keySet(), limit)) {
                LOG.warn(
                        "stop the monitor of node '{}': it has not ended within {} s. It goes on taking its resources "
                                + "offline by itself.",
                        settings.node(),
                        limit.toSeconds());
            }
            running.close();
        }
        closeRest();
    }

    private void stopKeeping(String actor) throws InterruptedException {
        tellKept(
                "the cluster service of node '%s' stops and keeps the resources: their monitors go on with them for %s"
                        .formatted(settings.node(), Words.of(settings.hold())),
                actor);
        var running = monitors;
        if (running != null) {
            running.close();
        }
        closeRest();
    }

    private void tellKept(String text, String actor) {
        LOG.info("{}; then they take them offline in order, unless a cluster service is back", text);
        journal.note(new LocalFact(
                Instant.now(),
                "ResourcesKept",
                "",
                "",
                settings.node().value(),
                Rule.NODE.name(),
                text,
                actor,
                Map.of("holdMillis", Long.toString(settings.hold().toMillis()))));
    }

    private boolean comeToRest() throws InterruptedException {
        var until = System.nanoTime() + FAREWELL_LIMIT.toNanos();
        Answer answer;
        do {
            answer = ask(
                    "stop node '%s'".formatted(settings.node()), new Command.StopNode(settings.node()), FAREWELL_LIMIT);
            if (answer instanceof Answer.Done) {
                return awaitRest();
            }
            TimeUnit.NANOSECONDS.sleep(RETRY_INTERVAL.toNanos());
        } while (System.nanoTime() < until);
        LOG.warn("stop node '{}': {}. Its monitor takes everything offline by itself.", settings.node(), answer);
        return false;
    }

    private boolean awaitRest() throws InterruptedException {
        long begun = System.nanoTime();
        long toldAt = begun;
        while (!control.rest().reached()) {
            var now = System.nanoTime();
            // Without a monitor nothing is taken offline: a new one gets its time, then it goes on without.
            var limit = control.rest().attached() ? REST_LIMIT : MONITOR_LIMIT;
            if (now - begun > limit.toNanos()) {
                LOG.warn(
                        "stop node '{}': not everything is offline after {} s: {}",
                        settings.node(),
                        limit.toSeconds(),
                        control.rest().inTheWay());
                return false;
            }
            if (now - toldAt > TELL_INTERVAL.toNanos()) {
                toldAt = now;
                LOG.info(
                        "stop node '{}': waits, {}",
                        settings.node(),
                        control.rest().inTheWay());
            }
            TimeUnit.NANOSECONDS.sleep(REST_LOOK_INTERVAL.toNanos());
        }
        return true;
    }

    private void closeRest() throws InterruptedException {
        var server = api;
        if (server != null) {
            server.close();
        }
        controller.close();
        controlThread.interrupt();
        controlThread.join(MONITOR_LIMIT);
        journal.close();
        try {
            data.close();
        } catch (IOException e) {
            LOG.warn("unlock the data directory: {}", e.toString());
        }
    }
}
