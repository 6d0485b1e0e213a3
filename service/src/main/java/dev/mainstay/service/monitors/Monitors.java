package dev.mainstay.service.monitors;

import dev.mainstay.linux.ProcessTable;
import dev.mainstay.protocol.Silence;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService.ControlDone;
import dev.mainstay.protocol.ToService.ControlDone.Result;
import dev.mainstay.protocol.ToService.Measures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The resource monitors of this node, by name.
///
/// **Threads:** any; [#send], [#need] and [#release] never block.
public final class Monitors implements AutoCloseable {
    /// Longest path of a Unix socket on Linux, see unix(7).
    public static final int SOCKET_PATH_BYTES_MAX = 107;

    private static final Logger LOG = LoggerFactory.getLogger(Monitors.class);
    private static final Duration OUTPUT_LOOK_INTERVAL = Duration.ofMinutes(1);

    private final MonitorKeeper.Place place;
    private final MonitorListener listener;
    private final Consumer<Throwable> onBug;
    private final Admission admission = new Admission();
    // What is asked of it after the end is dropped.
    private final ScheduledExecutorService watch = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("monitor-watch").factory(), new ThreadPoolExecutor.DiscardPolicy());
    // Guarded by itself.
    private final Map<String, MonitorKeeper> keepers = new TreeMap<>();
    private boolean closing;
    private final Set<String> takenUp = new TreeSet<>();
    private final Set<String> leftBehind = new TreeSet<>();
    private final MonitorSocket socket;

    /// Where and how the monitors of a node run.
    ///
    /// @param data the node's data directory
    /// @param scope marks the processes of this node's resources: the same after every start, unique on the
    ///     machine
    /// @param hold how long a monitor keeps its resources without a service
    /// @param silence when a monitor that does not answer is shown, and when it is replaced
    /// @param killLimit how long a process that was killed may still be there before the last resort is run
    public record Setting(
            Path data,
            String scope,
            Duration hold,
            Silence.Rule silence,
            MonitorCommand command,
            Duration killLimit,
            LastResort lastResort) {
        /// Settings with the usual limits and no last resort.
        public Setting(Path data, String scope, Duration hold, MonitorCommand command) {
            this(data, scope, hold, Silence.Rule.USUAL, command, MonitorKeeper.KILL_LIMIT, LastResort.NONE);
        }

        /// Settings with the usual limit of a kill.
        public Setting(
                Path data,
                String scope,
                Duration hold,
                Silence.Rule silence,
                MonitorCommand command,
                LastResort lastResort) {
            this(data, scope, hold, silence, command, MonitorKeeper.KILL_LIMIT, lastResort);
        }

        /// The socket on which monitors connect.
        public Path socket() {
            return data.resolve("run").resolve("monitors.sock");
        }
    }

    private Monitors(Setting setting, MonitorListener listener, Consumer<Throwable> onBug) throws IOException {
        this.place = new MonitorKeeper.Place(
                setting.socket(),
                setting.data(),
                setting.scope(),
                setting.hold(),
                setting.silence(),
                setting.command(),
                setting.killLimit(),
                setting.lastResort());
        this.listener = listener;
        this.onBug = onBug;
        for (var name : left(setting.data().resolve(MonitorCommand.FOLDER))) {
            var keeper = keeper(name);
            if (keeper.prepare()) {
                takenUp.add(name);
            }
            if (keeper.leftBehind()) {
                leftBehind.add(name);
            }
            if (takenUp.contains(name) || leftBehind.contains(name) || name.equals(MonitorName.DEFAULT)) {
                keepers.put(name, keeper);
            }
        }
        this.socket = MonitorSocket.listen(setting.socket(), admission, setting.hold(), this::welcomed);
    }

    /// The monitors an earlier cluster service may have left, and the default one.
    private static Collection<String> left(Path folder) throws IOException {
        Files.createDirectories(folder);
        var names = new TreeSet<String>();
        names.add(MonitorName.DEFAULT);
        try (var folders = Files.newDirectoryStream(folder, Files::isDirectory)) {
            folders.forEach(one -> names.add(String.valueOf(one.getFileName())));
        }
        return names;
    }

    /// Takes up the monitors that still run, and starts the default one when it does not.
    ///
    /// @param onBug is told what ended a thread that must not end; should end the process
    /// @param alive whether the service goes on: only then monitors hear of it
    public static Monitors start(
            Setting setting, MonitorListener listener, BooleanSupplier alive, Consumer<Throwable> onBug)
            throws IOException {
        var run = setting.socket().getParent();
        Files.createDirectories(run);
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwx------"));
        var monitors = new Monitors(setting, listener, onBug);
        synchronized (monitors.keepers) {
            monitors.keepers.forEach(monitors::begin);
        }
        var _ = monitors.watch.scheduleWithFixedDelay(
                monitors::tidy,
                OUTPUT_LOOK_INTERVAL.toMillis(),
                OUTPUT_LOOK_INTERVAL.toMillis(),
                TimeUnit.MILLISECONDS);
        var period = setting.silence().period().toMillis();
        var _ = monitors.watch.scheduleWithFixedDelay(
                () -> monitors.beat(alive), period, period, TimeUnit.MILLISECONDS);
        return monitors;
    }

    /// The pids of the monitors of a data directory that run, also of such as the directory does not know.
    public static List<Long> running(Path data) {
        return ProcessTable.all().stream()
                .map(ProcessTable.Entry::pid)
                .filter(pid -> MonitorCommand.servesData(ProcessTable.commandLine(pid), data.toAbsolutePath()))
                .filter(pid -> isOurs(pid, data.toAbsolutePath()))
                .toList();
    }

    /// Others may run what looks like a monitor, and a container may have another directory at this path.
    private static boolean isOurs(long pid, Path data) {
        try {
            var process = Path.of("/proc", Long.toString(pid));
            return Files.getAttribute(process, "unix:uid").equals((int) ProcessTable.userId())
                    && Files.isSameFile(Path.of(process + "/root" + data), data);
        } catch (IOException ended) {
            LOG.debug("process {} is no monitor of '{}': {}", pid, data, ended.toString());
            return false;
        }
    }

    /// The monitors that ran already at the start: each is told of as attached or gone before long.
    public Set<String> takenUp() {
        return Set.copyOf(takenUp);
    }

    /// The monitors that died while no cluster service ran: they are started again, lest what they hosted and
    /// nobody wants any more runs on without one.
    public Set<String> leftBehind() {
        return Set.copyOf(leftBehind);
    }

    private MonitorKeeper keeper(String name) {
        return new MonitorKeeper(name, place, admission, listener, watch);
    }

    private void begin(String name, MonitorKeeper keeper) {
        Thread.ofPlatform()
                .daemon()
                .name("monitor-" + name)
                .uncaughtExceptionHandler((_, bug) -> onBug.accept(bug))
                .start(keeper);
    }

    private void welcomed(MonitorSocket.Arrived arrived) {
        find(arrived.expected().session().monitor()).ifPresent(keeper -> keeper.connected(arrived));
    }

    private void beat(BooleanSupplier alive) {
        try {
            boolean asks = alive.getAsBoolean();
            everyone().forEach(keeper -> keeper.beat(asks));
        } catch (RuntimeException | Error bug) {
            onBug.accept(bug);
        }
    }

    private Optional<MonitorKeeper> find(String name) {
        synchronized (keepers) {
            return Optional.ofNullable(keepers.get(name));
        }
    }

    private List<MonitorKeeper> everyone() {
        synchronized (keepers) {
            return List.copyOf(keepers.values());
        }
    }

    /// A monitor is needed: it is started when it does not run, with this set-up.
    public void need(String name, MonitorSetup setup) {
        synchronized (keepers) {
            var known = keepers.get(name);
            if (known != null) {
                known.need(setup);
            } else if (!closing) {
                var keeper = keeper(name);
                keeper.need(setup);
                keepers.put(name, keeper);
                LOG.info("monitor '{}' is needed", name);
                begin(name, keeper);
            }
        }
    }

    /// A monitor hosts nothing and nothing is meant for it: it ends. The default one stays.
    public void release(String name) {
        if (!name.equals(MonitorName.DEFAULT)) {
            find(name).ifPresent(MonitorKeeper::release);
        }
    }

    /// Sends a message to a monitor; it is lost when that monitor is not connected.
    public void send(String monitor, ToMonitor message) {
        find(monitor).ifPresent(keeper -> keeper.send(message));
    }

    /// Asks a control of a resource or, when `resource` is empty, of a type; never fails but by its result.
    ///
    /// @param limit for the answer, unless the type asks for more
    public CompletableFuture<ControlDone> control(
            String monitor,
            String resource,
            String type,
            String code,
            Map<String, List<String>> input,
            Duration limit) {
        return find(monitor)
                .map(keeper -> keeper.questions()
                        .control(limit, id -> keeper.send(Questions.message(id, resource, type, code, input, limit))))
                .orElseGet(() -> CompletableFuture.completedFuture(new ControlDone(
                        0, Result.FAILED, Map.of(), "there is no monitor '%s' on this node".formatted(monitor))));
    }

    /// Has a monitor pass on what resource types are to hear.
    ///
    /// @return whether it was there to do so until it answered, or until the limit
    public CompletableFuture<Boolean> tell(
            String monitor,
            String resource,
            String type,
            String code,
            Map<String, List<String>> input,
            Duration limit) {
        return find(monitor)
                .map(keeper -> keeper.questions()
                        .notice(
                                limit,
                                id -> keeper.send(new ToMonitor.Control(
                                        id, resource, type, code, input, limit.toMillis(), true))))
                .orElseGet(() -> CompletableFuture.completedFuture(false));
    }

    /// Asks what a monitor measured since its start; fails when it is not connected or does not answer in time.
    public CompletableFuture<Measures> measures(String monitor, Duration limit) {
        return find(monitor)
                .map(keeper -> keeper.questions().measures(limit, id -> keeper.send(new ToMonitor.AskMeasures(id))))
                .orElseGet(() -> CompletableFuture.failedFuture(
                        new IllegalStateException("there is no monitor '%s' on this node".formatted(monitor))));
    }

    /// Makes every monitor look at its folders of plugins again.
    public void loadPlugins() {
        everyone().forEach(keeper -> keeper.send(new ToMonitor.LoadPlugins()));
    }

    /// How all of them are, in the order of their names.
    public List<MonitorStatus> all() {
        return everyone().stream().map(MonitorKeeper::status).toList();
    }

    /// How one is.
    public Optional<MonitorStatus> status(String name) {
        return find(name).map(MonitorKeeper::status);
    }

    /// Kills a monitor and has it replaced at once; what it hosts is adopted by the next one.
    ///
    /// @return false when there is no such monitor
    public boolean restart(String name) {
        var keeper = find(name);
        keeper.ifPresent(MonitorKeeper::replace);
        return keeper.isPresent();
    }

    /// The pid of a monitor's process, 0 while there is none.
    public long pid(String monitor) {
        return find(monitor).map(MonitorKeeper::pid).orElse(0L);
    }

    private void tidy() {
        synchronized (keepers) {
            keepers.values().removeIf(keeper -> {
                if (keeper.rests()) {
                    keeper.detach();
                    return true;
                }
                return false;
            });
        }
        everyone().forEach(MonitorKeeper::shortenOutput);
    }

    /// Has the monitors take their resources offline and end, except those to keep: [#close] leaves these running.
    ///
    /// @param keep the names of monitors that go on with what they host for the hold time
    /// @param limit for all of them together
    /// @return whether all that were told to have ended within the limit
    public boolean stop(String reason, Set<String> keep, Duration limit) throws InterruptedException {
        var until = System.nanoTime() + limit.toNanos();
        synchronized (keepers) {
            closing = true;
        }
        var all = everyone().stream()
                .filter(keeper -> !keep.contains(keeper.status().name()))
                .toList();
        all.forEach(keeper -> keeper.stop(reason));
        var running = new ArrayList<String>();
        for (var keeper : all) {
            if (!keeper.awaitEnd(until)) {
                running.add(keeper.status().name());
            }
        }
        if (!running.isEmpty()) {
            LOG.warn("monitors {} have not ended within {} s", running, limit.toSeconds());
        }
        return running.isEmpty();
    }

    /// Ends the connections; monitors that were not stopped keep their resources for the hold time.
    @Override
    public void close() {
        synchronized (keepers) {
            closing = true;
        }
        everyone().forEach(MonitorKeeper::detach);
        watch.shutdownNow();
        socket.close();
    }
}
