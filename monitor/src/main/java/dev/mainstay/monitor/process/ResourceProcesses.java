package dev.mainstay.monitor.process;

import dev.mainstay.linux.ControlGroup;
import dev.mainstay.linux.ProcessTable;
import dev.mainstay.monitor.entry.CallSite;
import dev.mainstay.spi.AdoptionRecord;
import dev.mainstay.spi.ProcessIdentity;
import dev.mainstay.spi.Processes;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// The processes of one resource.
///
/// **Order:** [#start] and [#endAll] exclude each other, so that nothing is started behind a running clean-up.
final class ResourceProcesses implements Processes {
    private static final System.Logger LOG = System.getLogger(ResourceProcesses.class.getName());
    /// What the SPI promises of a short command's output.
    private static final int RUN_TAIL_BYTES = 64 << 10;
    private static final int SIGNAL_KILL_EXIT = 137;

    private final ProcessSupervisor supervisor;
    private final String resource;
    private final Path directory;
    private final LaunchRecords records;
    private final Consumer<String> logTrouble;
    private final ReentrantLock changing = new ReentrantLock();
    /// What was started here. Guarded by the lock.
    private final List<ProcessIdentity> started = new ArrayList<>();

    /// @param logTrouble is given what became of the log of a program that runs; an empty text when all is well
    ResourceProcesses(ProcessSupervisor supervisor, String resource, Path directory, Consumer<String> logTrouble) {
        this.logTrouble = logTrouble;
        this.supervisor = supervisor;
        this.resource = resource;
        this.directory = directory;
        this.records = new LaunchRecords(directory.resolve("starting"));
    }

    @Override
    public Running start(Command command) throws ResourceFailure {
        changing.lock();
        try {
            var launch = launch(command, Optional.empty());
            var begun = launch.start(supervisor.exitWatch(), Optional.of(records));
            started.removeIf(earlier -> !ProcessTable.alive(earlier.pid(), earlier.startTicks()));
            started.add(begun.identity());
            supervisor
                    .rotation()
                    .watch(
                            launch.log(),
                            new LogRotation.Writer(
                                    begun.logInode(), () -> !begun.exit().isDone(), logTrouble));
            return new ChildProcess(begun, launch.tree(begun.identity(), false), launch.log());
        } finally {
            changing.unlock();
        }
    }

    @Override
    public Optional<Running> adopt(AdoptionRecord adoption) {
        if (adoption.processes().isEmpty()) {
            return Optional.empty();
        }
        var main = adoption.processes().getFirst();
        if (!main.bootId().equals(ProcessTable.bootId()) || !ProcessTable.alive(main.pid(), main.startTicks())) {
            return Optional.empty();
        }
        for (var line : records.read()) {
            if (line.names(main)) {
                line.log().ifPresent(log -> rotate(log, main));
                break;
            }
        }
        var group = Optional.of(adoption.controlGroup())
                .filter(path -> !path.isEmpty())
                .map(path -> new ControlGroup(Path.of(path)));
        var mark = ProcessTable.environment(main.pid(), Launch.LAUNCH_MARK)
                .map(text -> new Tree.Mark(
                        Launch.LAUNCH_MARK, text, Lineage.of(directory).launch(text)))
                .orElse(resourceMark());
        var tree = new Tree(resource, List.of(main), group.stream().toList(), mark, group.isEmpty());
        return Optional.of(new AdoptedProcess(tree, supervisor.exitWatch()));
    }

    @Override
    public Finished run(Command command, Duration limit) throws ResourceFailure, InterruptedException {
        var launch = launch(command, CallSite.current());
        if (launch.group().isEmpty()) {
            records.noteRun();
        }
        var begun = launch.start(supervisor.exitWatch(), Optional.empty());
        supervisor.rotation().watch(launch.log());
        var tree = launch.tree(begun.identity(), launch.group().isEmpty());
        try {
            var code = awaitExit(begun, limit);
            if (code.isEmpty()) {
                tree.kill();
            }
            var output = launch.log().tail(begun.logFrom(), RUN_TAIL_BYTES);
            return new Finished(code.orElse(SIGNAL_KILL_EXIT), code.isEmpty(), output);
        } catch (InterruptedException cancelled) {
            tree.kill();
            throw cancelled;
        } finally {
            launch.group().ifPresent(ResourceProcesses::tidy);
            if (launch.group().isEmpty()) {
                tidy(launch.mark().lineage());
            }
        }
    }

    private static OptionalInt awaitExit(Launch.Started begun, Duration limit) throws InterruptedException {
        try {
            return OptionalInt.of(begun.exit().get(limit.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException late) {
            return OptionalInt.empty();
        } catch (ExecutionException bug) {
            throw new IllegalStateException("the end of a command cannot be told", bug);
        }
    }

    /// A log whose user cannot be found just now grows on.
    private void rotate(LaunchRecords.Log log, ProcessIdentity main) {
        try {
            var file = log.file();
            supervisor
                    .rotation()
                    .watch(
                            file,
                            new LogRotation.Writer(
                                    LogFile.writtenBy(main.pid()),
                                    () -> ProcessTable.alive(main.pid(), main.startTicks()),
                                    logTrouble));
        } catch (ResourceFailure e) {
            LOG.log(Level.WARNING, "log ''{0}'' is not rotated: {1}", log.path(), e.getMessage());
        }
    }

    @Override
    public void endAll() throws ResourceFailure {
        changing.lock();
        try {
            var tree = everything();
            if (tree.isPresent()) {
                tree.get().kill();
            }
            forget();
        } finally {
            changing.unlock();
        }
    }

    @Override
    public List<String> endLeftovers(Set<String> shared, Duration grace) throws ResourceFailure {
        changing.lock();
        try {
            var tree = everything();
            if (tree.isEmpty()) {
                forget();
                return List.of();
            }
            var leftovers = new Leftovers(tree.get(), shared, grace);
            var ended = leftovers.end();
            if (shared.isEmpty() || !leftovers.sharedRuns()) {
                tree.get().kill();
                forget();
            }
            return ended;
        } finally {
            changing.unlock();
        }
    }

    /// All that may run of the resource; empty when it is known that nothing does.
    private Optional<Tree> everything() {
        var lines = records.read();
        var groups = new ArrayList<ControlGroup>();
        supervisor.group(resource).filter(ControlGroup::exists).ifPresent(groups::add);
        lines.stream()
                .flatMap(line -> line.group().stream())
                .filter(group -> groups.stream().noneMatch(known -> group.path().startsWith(known.path())))
                .forEach(groups::add);
        if (lines.isEmpty() && groups.isEmpty() && started.isEmpty()) {
            return Optional.empty();
        }
        var roots = new ArrayList<>(started);
        lines.stream().flatMap(line -> line.identity().stream()).forEach(roots::add);
        var escapesGroups = lines.stream().anyMatch(line -> line.group().isEmpty()) || groups.isEmpty();
        return Optional.of(new Tree(resource, roots, groups, resourceMark(), escapesGroups));
    }

    private void forget() throws ResourceFailure {
        started.clear();
        records.clear();
        Lineage.of(directory).clear();
    }

    /// Removes a group that has become empty; one that has not is found again by [#endAll].
    static void tidy(ControlGroup group) {
        try {
            group.remove();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "control group ''{0}'' cannot be removed: {1}", group.path(), e.getMessage());
        }
    }

    private static void tidy(Lineage lineage) {
        try {
            lineage.clear();
        } catch (ResourceFailure e) {
            LOG.log(Level.WARNING, e.getMessage());
        }
    }

    Picture picture() {
        var lines = records.read();
        return new Picture(visible(lines), directory, lines);
    }

    /// The processes that live, for a reader.
    List<ProcessTable.Entry> living() {
        return visible(records.read()).living(new HashSet<>());
    }

    /// Searched for in every way: who reads wants to see what escaped, too.
    private Tree visible(List<LaunchRecords.Line> lines) {
        var roots = lines.stream().flatMap(line -> line.identity().stream()).toList();
        var group =
                supervisor.group(resource).filter(ControlGroup::exists).stream().toList();
        return new Tree(resource, roots, group, resourceMark(), true);
    }

    private Launch launch(Command command, Optional<CallSite> site) throws ResourceFailure {
        var name = supervisor.nextLaunch();
        var group = supervisor.group(resource, name);
        return Launch.prepare(command, resource, directory, resourceMark(), name, group, site);
    }

    private Tree.Mark resourceMark() {
        return new Tree.Mark(Launch.RESOURCE_MARK, supervisor.mark(resource), Lineage.of(directory));
    }
}
