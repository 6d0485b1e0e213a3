package dev.mainstay.types.lock;

import dev.mainstay.linux.FileLocks;
import dev.mainstay.linux.ProcessTable;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Operation;
import dev.mainstay.spi.Outcome;
import dev.mainstay.spi.Processes.Command;
import dev.mainstay.spi.Processes.Running;
import dev.mainstay.spi.Progress;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceContext.FailureSignal;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.types.node.ChildCheck;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One lock that is a resource.
///
/// The holder is one process: flock(1), which becomes `sleep` once it has the lock, so that nothing inherits the
/// lock and the kernel frees it with the holder's end.
///
/// **Threads:** terminate may come during any other call but close; `life` is written under the lock of this
/// object, so that nothing is started behind a terminate.
final class FileLockResource implements EntryPoints {
    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final Duration FAREWELL_LIMIT = Duration.ofSeconds(2);
    private static final int NOT_RELEASED = 75;

    /// What the holder does once it has the lock: says who it is, then waits.
    private static final String HOLD = "printf '%s\\npid: %s\\n' \"$1\" \"$$\" >\"$0\"; exec sleep infinity";

    private static final String SAY = "printf '%s\\n' \"$1\" >\"$0\"";
    private static final String SAME_FILE =
            "now=$(stat -L -c %i \"$0\") || exit 1; [ \"$now\" = \"$1\" ] || { echo it was replaced: its inode is $now, locked is $1; exit 1; }";

    private record Life(Running holder, CompletableFuture<String> end) {}

    private final ResourceContext context;
    private final Path path;
    private final FailureSignal signal;
    // volatile: the exit callback reads it and must not wait for the lock
    private volatile Optional<Life> life = Optional.empty();
    private volatile Optional<ChildCheck> check = Optional.empty();
    private long terminations;

    private FileLockResource(ResourceContext context, Path path) {
        this.context = context;
        this.path = path;
        this.signal = context.signalInsteadOfLooksAlive();
    }

    static FileLockResource open(ResourceContext context) throws ResourceFailure {
        var path = Path.of(context.properties().text("path"));
        if (!path.isAbsolute()) {
            throw new ResourceFailure("opening '%s': path '%s' is not a full path. Begin it with a slash"
                    .formatted(context.resource(), path));
        }
        var opened = new FileLockResource(context, path);
        var found = context.recovered().flatMap(context.processes()::adopt);
        if (found.isPresent()) {
            opened.watch(found.get());
        } else {
            context.processes().endAll();
        }
        return opened;
    }

    @Override
    public Outcome online(Operation operation) {
        var before = terminations();
        return operation.pending(progress -> {
            progress.checkpoint("locking '%s'".formatted(path));
            var begun = begin(operation, before);
            awaitLock(begun, progress);
        });
    }

    @Override
    public Outcome offline(Operation operation) {
        return operation.pending(progress -> {
            if (life.isPresent()) {
                progress.checkpoint("releasing '%s'".formatted(path));
                farewell();
            }
            release();
        });
    }

    @Override
    public void terminate(Reason reason) {
        synchronized (this) {
            terminations++;
        }
        try {
            release();
        } catch (ResourceFailure e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    @Override
    public Health looksAlive() {
        var now = life;
        if (now.isEmpty()) {
            return Health.dead("the lock on '%s' is not held".formatted(path));
        }
        var pid = now.get().holder().identity().pid();
        if (!now.get().holder().alive()) {
            return Health.dead("the lock on '%s' is lost: its holder, process %d, ended".formatted(path, pid));
        }
        return FileLocks.held(pid).isPresent()
                ? Health.alive()
                : Health.dead("the lock on '%s' is lost: process %d does not hold it any more".formatted(path, pid));
    }

    /// A lock on a file that was replaced guards nothing: the next one locks the new file.
    @Override
    public Health isAlive() {
        var looks = looksAlive();
        if (!(looks instanceof Health.Alive)) {
            return looks;
        }
        var now = check;
        return now.isPresent() ? now.get().health() : looks;
    }

    @Override
    public void close() {
        // nothing is held in the monitor beyond the watch, which ends with the holder
    }

    private Life begin(Operation operation, long terminationsBefore) throws ResourceFailure {
        context.processes().endAll();
        if (!Files.isDirectory(path.resolveSibling("."))) {
            throw new ResourceFailure(asked() + "its folder does not exist on this node. Create it, or mount it first");
        }
        synchronized (this) {
            if (terminations != terminationsBefore) {
                throw new ResourceFailure(asked() + "it was terminated meanwhile. Bring it online again");
            }
            var wait = context.properties().duration("wait");
            var holder = context.processes()
                    .start(command(List.of(
                            "flock",
                            "--exclusive",
                            "--no-fork",
                            "--conflict-exit-code",
                            Integer.toString(NOT_RELEASED),
                            "--wait",
                            "%d.%03d".formatted(wait.toSeconds(), wait.toMillisPart()),
                            path.toString(),
                            "sh",
                            "-c",
                            HOLD,
                            path.toString(),
                            about(operation))));
            operation.adoptable(holder.adoption());
            return watch(holder);
        }
    }

    private void awaitLock(Life begun, Progress progress) throws ResourceFailure, InterruptedException {
        var pid = begun.holder().identity().pid();
        while (!holds(pid)) {
            try {
                var how = begun.end().get(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                var words = how.contains("exit code " + NOT_RELEASED)
                        ? "it was not released within %d ms: %s. Stop that holder, or raise wait"
                                .formatted(context.properties().duration("wait").toMillis(), Holding.words(path))
                        : "process %d %s. Look at '%s'".formatted(pid, how, log());
                throw new ResourceFailure(asked() + words);
            } catch (TimeoutException waiting) {
                progress.checkpoint("waiting for the lock on '%s'".formatted(path));
            } catch (ExecutionException bug) {
                throw new IllegalStateException("the end of a process never fails", bug);
            }
        }
        makeCheck(pid);
    }

    /// Once it has become `sleep` it has written who it is; before, flock itself may hold the lock already.
    private static boolean holds(long pid) {
        return FileLocks.held(pid).isPresent() && ProcessTable.name(pid).equals("sleep");
    }

    private void makeCheck(long pid) {
        check = FileLocks.held(pid)
                .map(inode -> new ChildCheck(
                        context.processes(),
                        new ChildCheck.Way(
                                "the locked file '%s'".formatted(path),
                                List.of("sh", "-c", SAME_FILE, path.toString(), inode),
                                context.directory(),
                                context.properties().duration("checkTimeout"),
                                List::of),
                        signal));
    }

    private synchronized Life watch(Running holder) {
        var begun = new Life(holder, new CompletableFuture<>());
        life = Optional.of(begun);
        var pid = holder.identity().pid();
        makeCheck(pid);
        holder.onExit(how -> {
            begun.end().complete(how);
            if (life.filter(begun::equals).isPresent()) {
                signal.raise("the lock on '%s' is lost: its holder, process %d, %s".formatted(path, pid, how));
            }
        });
        return begun;
    }

    private void release() throws ResourceFailure {
        var left = life;
        synchronized (this) {
            life = Optional.empty();
            check = Optional.empty();
        }
        if (left.isPresent()) {
            left.get().holder().kill();
        }
        context.processes().endAll();
    }

    /// For whoever reads the file; the lock itself is what counts.
    private void farewell() throws InterruptedException {
        var line = List.of(
                "sh",
                "-c",
                SAY,
                path.toString(),
                "released: %s by %s on %s".formatted(now(), context.resource(), node()));
        try {
            var said = context.processes().run(command(line), FAREWELL_LIMIT);
            if (said.exitCode() != 0) {
                context.logger().log(Level.WARNING, "cannot write to ''{0}'': {1}", path, said.output());
            }
        } catch (ResourceFailure e) {
            context.logger().log(Level.WARNING, "cannot write to ''{0}'': {1}", path, e.getMessage());
        }
    }

    private String about(Operation operation) {
        return "node: %s\nresource: %s\ngroup: %s\nsince: %s\nepoch: %d"
                .formatted(node(), context.resource(), context.group(), now(), operation.epoch());
    }

    private static String now() {
        return Instant.ofEpochSecond(Instant.now().getEpochSecond()).toString();
    }

    private static String node() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException hidden) {
            return "?";
        }
    }

    private Command command(List<String> line) {
        return new Command(line, Map.of(), "", context.directory(), log());
    }

    private Path log() {
        return context.directory().resolve("output.log");
    }

    private String asked() {
        return "bringing '%s' online with a lock on '%s': ".formatted(context.resource(), path);
    }

    private synchronized long terminations() {
        return terminations;
    }
}
