package dev.mainstay.types.filesystem;

import dev.mainstay.linux.FuseServer;
import dev.mainstay.linux.MountTable;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Operation;
import dev.mainstay.spi.Outcome;
import dev.mainstay.spi.Processes.Command;
import dev.mainstay.spi.Processes.Finished;
import dev.mainstay.spi.Progress;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceContext.FailureSignal;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.types.node.ChildCheck;
import dev.mainstay.types.node.Claim;
import dev.mainstay.types.node.Secrets;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// One mount that is a resource.
///
/// **Threads:** terminate may come during any other call but close; what mounts and unmounts holds `changing`, so
/// that nothing is mounted behind a terminate.
final class FilesystemResource implements EntryPoints {
    /// A full file system is alive: another node would find it as full.
    private static final String WRITE_CHECK = """
            file="$0/.mainstay-check"
            if said=$(printf alive | dd of="$file" conv=fsync status=none 2>&1); then
                [ "$(cat "$file")" = alive ] || { echo "what was written is not what is read"; exit 1; }
                rm -f "$file"
            else
                case $said in
                *"No space left"*|*"quota exceeded"*) rm -f "$file" ;;
                *) echo "$said"; exit 1 ;;
                esac
            fi
            """;

    private final ResourceContext context;
    private final Target target;
    private final Claim claim;
    private final MountedWatch watch;
    private final FailureSignal signal;
    private final ReentrantLock changing = new ReentrantLock();
    private final AtomicLong terminations = new AtomicLong();
    // written under `changing`, read by checks
    private volatile Optional<Held> held = Optional.empty();
    private volatile Optional<ChildCheck> check = Optional.empty();

    private FilesystemResource(ResourceContext context, Target target, MountedWatch watch) {
        this.context = context;
        this.target = target;
        this.claim = Claim.of(context);
        this.watch = watch;
        this.signal = context.signalInsteadOfLooksAlive();
    }

    /// Keeps the mount an earlier monitor proves to be its own; unmounts one it left behind.
    static FilesystemResource open(ResourceContext context, MountedWatch watch) throws ResourceFailure {
        try {
            var adopted = Claim.adopted(context).flatMap(Held::parse);
            var left = Claim.of(context).read().flatMap(Held::parse);
            var target = Target.of(context.resource(), context.properties());
            var opened = new FilesystemResource(context, target, watch);
            if (adopted.isPresent() && adopted.get().point().equals(target.point())) {
                opened.hold(adopted.get());
            } else if (left.isPresent()) {
                opened.held = left;
                opened.unmount(opened::log, false);
                // a server that was cut off may be left
                context.processes().endAll();
                opened.forget();
            }
            return opened;
        } catch (IOException e) {
            throw new ResourceFailure(
                    "opening '%s': the mounts of this node cannot be read: %s"
                            .formatted(context.resource(), e.getMessage()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ResourceFailure("opening '%s': it was interrupted".formatted(context.resource()), e);
        }
    }

    @Override
    public Outcome online(Operation operation) {
        var before = terminations.get();
        return operation.pending(progress -> {
            changing.lockInterruptibly();
            try {
                if (terminations.get() != before) {
                    throw new ResourceFailure(target.asked() + "it was terminated meanwhile. Bring it online again");
                }
                var table = MountTable.read();
                var there = held.flatMap(one -> one.in(table));
                hold(there.isPresent() ? Held.of(there.get()) : mount(table, progress));
                held.ifPresent(one -> operation.adoptable(Claim.adoption(one.text())));
            } catch (IOException e) {
                throw new ResourceFailure(target.asked() + e, e);
            } finally {
                changing.unlock();
            }
        });
    }

    @Override
    public Outcome offline(Operation operation) {
        return operation.pending(progress -> {
            unmount(progress::checkpoint, true);
            context.processes().endAll();
            forget();
        });
    }

    @Override
    public void terminate(Reason reason) {
        terminations.incrementAndGet();
        try {
            try {
                unmount(this::log, false);
            } finally {
                context.processes().endAll();
            }
            // one that hung may have been made after the first look
            unmount(this::log, false);
            forget();
        } catch (ResourceFailure e) {
            throw new IllegalStateException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("unmounting was interrupted", e);
        }
    }

    @Override
    public Health looksAlive() {
        var mine = held;
        if (mine.isEmpty()) {
            return Health.dead("'%s' is not mounted".formatted(target.point()));
        }
        try {
            return mine.get().trouble(MountTable.read()).map(Health::dead).orElse(Health.alive());
        } catch (IOException e) {
            return new Health.Undecided("the mounts of this node cannot be read: " + e.getMessage());
        }
    }

    @Override
    public Health isAlive() {
        var looks = looksAlive();
        var now = check;
        return looks instanceof Health.Alive && now.isPresent() ? now.get().health() : looks;
    }

    @Override
    public void close() {
        watch.forget(context.resource());
    }

    private void log(String step) {
        context.logger().log(Level.DEBUG, step);
    }

    private Held mount(MountTable table, Progress progress) throws ResourceFailure, IOException, InterruptedException {
        target.checkHelper();
        var target = found();
        Preparation.check(target, table, context.properties().flag("createMountPoint"));
        var about = Held.aboutTo(target);
        claim.write(about.text());
        held = Optional.of(about);
        progress.checkpoint("mounting '%s' at '%s'".formatted(target.device(), target.point()));
        var limit = context.properties().duration("mountTimeout");
        var line = target.mountCommand();
        var command = new Command(
                line, Map.of(), "", context.directory(), context.directory().resolve("output.log"));
        var said = context.processes().run(command, limit);
        var now = MountTable.read().at(target.point());
        if (now.isEmpty() || said.exitCode() != 0) {
            throw new ResourceFailure(target.asked() + refused(line, said));
        }
        return Held.of(now.get());
    }

    /// What is to be mounted by the path of its device, so that no spelling escapes what is checked by it.
    private Target found() throws ResourceFailure, InterruptedException {
        if (!target.tagged()) {
            return target;
        }
        var line = List.of("findfs", target.device());
        var said = context.processes()
                .run(
                        new Command(
                                line,
                                Map.of(),
                                "",
                                context.directory(),
                                context.directory().resolve("output.log")),
                        context.properties().duration("mountTimeout"));
        var path = said.output().strip();
        if (said.timedOut() || said.exitCode() != 0 || !path.startsWith("/")) {
            throw new ResourceFailure(target.asked()
                    + "no device of this node is called so ('findfs' %s: %s). Attach the device, or correct its name; blkid lists what there is"
                            .formatted(
                                    said.timedOut() ? "did not end in time" : "ended with exit code " + said.exitCode(),
                                    path));
        }
        return target.at(path.substring(path.lastIndexOf('\n') + 1));
    }

    private String refused(List<String> line, Finished said) {
        var how = said.timedOut()
                ? "did not end within %d ms"
                        .formatted(context.properties().duration("mountTimeout").toMillis())
                : "ended with exit code %d".formatted(said.exitCode());
        var hint = target.device().startsWith("/dev/")
                ? "The kernel's log (dmesg) may say more; check the file system, unmounted everywhere: fsck -n %s"
                        .formatted(target.device())
                : "The kernel's log (dmesg) may say more";
        return "'%s' %s: %s. %s"
                .formatted(
                        Secrets.hidden(String.join(" ", line)),
                        how,
                        Secrets.hidden(said.output().strip()),
                        hint);
    }

    private void hold(Held mine) throws ResourceFailure, IOException {
        held = Optional.of(mine);
        claim.write(mine.text());
        check = Optional.of(new ChildCheck(
                context.processes(),
                new ChildCheck.Way(
                        "'%s'".formatted(target.point()),
                        context.properties().flag("checkWrites") && !mine.readOnly()
                                ? List.of(
                                        "sh", "-c", WRITE_CHECK, target.point().toString())
                                : List.of("ls", "-a", target.point().toString()),
                        context.directory(),
                        context.properties().duration("checkTimeout"),
                        () -> servers(mine)),
                signal));
        watch.watch(context.resource(), mine, signal::raise);
    }

    private static List<String> servers(Held mine) {
        try {
            return mine.in(MountTable.read()).map(FuseServer::of).orElse(List.of()).stream()
                    .map(FuseServer::words)
                    .toList();
        } catch (IOException e) {
            return List.of("the mounts of this node cannot be read: " + e.getMessage());
        }
    }

    /// @param told hears each step
    /// @param patient whether holders get time to end by themselves first
    private void unmount(Consumer<String> told, boolean patient) throws ResourceFailure, InterruptedException {
        watch.forget(context.resource());
        changing.lockInterruptibly();
        try {
            var hangs = check.isPresent() && !check.get().end();
            if (held.isPresent()) {
                new Unmount(context, held.get(), target.bind(), told).run(patient, hangs);
            }
        } finally {
            changing.unlock();
        }
    }

    private void forget() throws ResourceFailure {
        claim.clear();
        held = Optional.empty();
        check = Optional.empty();
    }
}
