package dev.mainstay.monitor.process;

import dev.mainstay.linux.ControlGroup;
import dev.mainstay.linux.ControlGroups;
import dev.mainstay.linux.ExitWatch;
import dev.mainstay.linux.ProcessTable;
import dev.mainstay.spi.ProcessIdentity;
import dev.mainstay.spi.Processes;
import dev.mainstay.spi.ResourceFailure;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Supervises the processes of all resources that one monitor hosts.
///
/// Every launch has a session of its own, two marks in its environment and, where the node allows it, a
/// control group of its own. It survives the monitor; closing the supervisor ends nothing.
///
/// **Threads:** any thread.
public final class ProcessSupervisor implements AutoCloseable {
    private final String scope;
    private final Optional<ControlGroups> groups;
    private final LogRotation rotation = new LogRotation();
    private final ProcessIdentity own = self();
    private final AtomicLong launches = new AtomicLong();
    private final Object watchLock = new Object();
    private Optional<ExitWatch> watch = Optional.empty();

    /// A supervisor for one monitor.
    ///
    /// @param scope text unique for cluster and node such as `website/n1`; the same after a restart of the
    ///     monitor
    public ProcessSupervisor(String scope) {
        this(scope, ControlGroups.find());
    }

    private ProcessSupervisor(String scope, Optional<ControlGroups> groups) {
        this.scope = scope;
        this.groups = groups;
    }

    /// A supervisor that does as if the node had no control groups.
    static ProcessSupervisor withoutControlGroups(String scope) {
        return new ProcessSupervisor(scope, Optional.empty());
    }

    /// The identity of this very process.
    public static ProcessIdentity self() {
        var pid = ProcessHandle.current().pid();
        var entry = ProcessTable.read(pid)
                .orElseThrow(() -> new IllegalStateException("reading /proc/" + pid + "/stat: there is none"));
        return new ProcessIdentity(pid, entry.startTicks(), ProcessTable.bootId());
    }

    /// Says what would keep a command from being started on this node now; starts nothing.
    ///
    /// **Errors:** [dev.mainstay.spi.LastingFailure]; any other means that it could not be found out.
    public static void examine(Processes.Command command) throws ResourceFailure {
        Launch.examine(command);
    }

    /// The processes of one resource.
    ///
    /// @param directory the resource's own folder on this node; keeps the records of what was started
    public Processes of(String resource, Path directory) {
        return of(resource, directory, _ -> {});
    }

    /// The processes of one resource.
    ///
    /// @param logTrouble is given what became of the log of a program that runs; an empty text when all is well
    ///     again
    public Processes of(String resource, Path directory, Consumer<String> logTrouble) {
        return new ResourceProcesses(this, resource, directory, logTrouble);
    }

    /// What runs of a resource now, for evidence.
    public Picture picture(String resource, Path directory) {
        return new ResourceProcesses(this, resource, directory, _ -> {}).picture();
    }

    /// The processes of a resource that live now, also those that hide whose they are.
    ///
    /// **Time:** looks into `/proc` for every process of the node.
    public List<ProcessTable.Entry> living(String resource, Path directory) {
        return new ResourceProcesses(this, resource, directory, _ -> {}).living();
    }

    /// Stops watching and rotating; leaves every process as it is.
    @Override
    public void close() {
        rotation.close();
        synchronized (watchLock) {
            watch.ifPresent(ExitWatch::close);
        }
        ownGroup().ifPresent(ResourceProcesses::tidy);
    }

    LogRotation rotation() {
        return rotation;
    }

    /// The watch for the ends of processes; made when the first one is started or adopted.
    ExitWatch exitWatch() {
        synchronized (watchLock) {
            if (watch.isEmpty()) {
                watch = Optional.of(new ExitWatch());
            }
            return watch.get();
        }
    }

    /// A name for a launch, unique among all monitors of this boot.
    String nextLaunch() {
        return "%d-%d-%d".formatted(own.pid(), own.startTicks(), launches.incrementAndGet());
    }

    String mark(String resource) {
        return scope + "/" + resource;
    }

    Optional<ControlGroup> group(String... names) {
        return ownGroup().map(mine -> {
            var parts = new String[names.length + 1];
            parts[0] = ownName();
            System.arraycopy(names, 0, parts, 1, names.length);
            return groups.orElseThrow().group(parts);
        });
    }

    private Optional<ControlGroup> ownGroup() {
        return groups.map(found -> found.group(ownName()));
    }

    private String ownName() {
        return "mainstay-" + scope;
    }
}
