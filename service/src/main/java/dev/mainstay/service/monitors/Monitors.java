package dev.mainstay.service.monitors;

import dev.mainstay.protocol.ToMonitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The resource monitors of this node, by name.
///
/// **Threads:** any; [#send] never blocks.
public final class Monitors implements AutoCloseable {
    /// The monitor that hosts every resource that has no other one.
    public static final String DEFAULT = "default";
    /// Longest path of a Unix socket on Linux, see unix(7).
    public static final int SOCKET_PATH_BYTES_MAX = 107;

    private static final Duration OUTPUT_LOOK_INTERVAL = Duration.ofMinutes(1);

    private final Map<String, MonitorKeeper> keepers = new TreeMap<>();
    private final MonitorSocket socket;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("monitor-output").factory());

    private Monitors(Map<String, MonitorKeeper> keepers, MonitorSocket socket) {
        this.keepers.putAll(keepers);
        this.socket = socket;
    }

    /// Where and how the monitors of a node run.
    ///
    /// @param data the node's data directory
    /// @param scope marks the processes of this node's resources: the same after every start, unique on the
    ///     machine
    /// @param hold how long a monitor keeps its resources without a service
    public record Setting(Path data, String scope, Duration hold, MonitorCommand command) {
        /// The socket on which monitors connect.
        public Path socket() {
            return data.resolve("run").resolve("monitors.sock");
        }
    }

    /// Takes up the monitor that still runs, or starts one.
    ///
    /// @param onBug is told what ended a thread that must not end; should end the process
    public static Monitors start(Setting setting, MonitorListener listener, Consumer<Throwable> onBug)
            throws IOException {
        var run = setting.socket().getParent();
        Files.createDirectories(run);
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwx------"));
        var admission = new Admission();
        var place = new MonitorKeeper.Place(
                setting.socket(), setting.data(), setting.scope(), setting.hold(), setting.command());
        var keepers = Map.of(DEFAULT, new MonitorKeeper(DEFAULT, place, admission, listener));
        for (var keeper : keepers.values()) {
            keeper.prepare();
        }
        var socket = MonitorSocket.listen(setting.socket(), admission, setting.hold(), (expected, channel) -> {
            var keeper = keepers.get(expected.session().monitor());
            if (keeper != null) {
                keeper.connected(expected, channel);
            }
        });
        var monitors = new Monitors(keepers, socket);
        keepers.forEach((name, keeper) -> Thread.ofPlatform()
                .daemon()
                .name("monitor-" + name)
                .uncaughtExceptionHandler((_, bug) -> onBug.accept(bug))
                .start(keeper));
        var _ = monitors.watch.scheduleWithFixedDelay(
                () -> keepers.values().forEach(MonitorKeeper::shortenOutput),
                OUTPUT_LOOK_INTERVAL.toMillis(),
                OUTPUT_LOOK_INTERVAL.toMillis(),
                TimeUnit.MILLISECONDS);
        return monitors;
    }

    /// Sends a message to a monitor; it is lost when that monitor is not connected.
    public void send(String monitor, ToMonitor message) {
        var keeper = keepers.get(monitor);
        if (keeper != null) {
            keeper.send(message);
        }
    }

    /// The pid of a monitor's process, 0 while there is none.
    public long pid(String monitor) {
        var keeper = keepers.get(monitor);
        return keeper == null ? 0 : keeper.pid();
    }

    /// Has every monitor take its resources offline and end.
    ///
    /// @param limit for all of them together
    /// @return whether all have ended within the limit
    public boolean stop(String reason, Duration limit) throws InterruptedException {
        boolean all = true;
        for (var keeper : keepers.values()) {
            all &= keeper.stop(reason, limit);
        }
        return all;
    }

    /// Ends the connections; monitors that were not stopped keep their resources for the hold time.
    @Override
    public void close() {
        watch.shutdownNow();
        keepers.values().forEach(MonitorKeeper::detach);
        socket.close();
    }
}
