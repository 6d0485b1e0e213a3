package dev.mainstay.types.ocf;

import dev.mainstay.spi.AdoptionRecord;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.LastingFailure;
import dev.mainstay.spi.Operation;
import dev.mainstay.spi.Outcome;
import dev.mainstay.spi.Progress;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// One resource that an agent looks after.
///
/// **Threads:** terminate may come during any other call but close. What it shares with them is written under
/// the lock of this object; the count of late checks is touched by checks alone.
final class OcfResource implements EntryPoints {
    /// A check that times out on a starved node is undecided, not dead, this many times in a row.
    private static final int UNDECIDED_IN_A_ROW_MAX = 2;

    /// How long what an agent left may take to end by SIGTERM. Its stop had its own time; this is short,
    /// because a failover waits for it.
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final ResourceContext context;
    private final Actions actions;
    private final CheckLevels levels;
    private int undecidedInARow;
    private boolean degraded;
    private long terminations;
    /// Whether start was called since it was last proved that nothing runs.
    private boolean mayRun;

    private OcfResource(ResourceContext context, Actions actions, CheckLevels levels) {
        this.context = context;
        this.actions = actions;
        this.levels = levels;
    }

    static OcfResource open(ResourceContext context, MetadataCache cache) throws ResourceFailure {
        var agent = Agent.of(context.resource(), context.properties());
        var metadata = cache.of(agent, context);
        Parameters.check(context, agent, metadata);
        var actions = new Actions(context, agent, metadata, RunFolder.of(context));
        var opened = new OcfResource(context, actions, CheckLevels.of(context, metadata));
        opened.recover();
        return opened;
    }

    @Override
    public Outcome online(Operation operation) {
        var before = terminations();
        return operation.pending(progress -> {
            ticking(progress, "validate-all", this::validate);
            markStarted(before);
            ticking(progress, "start", this::start);
            ticking(progress, "monitor", () -> levels.settle(actions, context.logger()));
            operation.adoptable(new AdoptionRecord(List.of(), "", RunFolder.bootId() + " " + levels.chosen()));
        });
    }

    @Override
    public Outcome offline(Operation operation) {
        return operation.pending(progress -> {
            ticking(progress, "stop", () -> succeeded("taking '%s' offline", stop()));
            endLeftovers("its stop succeeded").ifPresent(progress::checkpoint);
            ticking(progress, "monitor", this::confirmStopped);
        });
    }

    /// Stops it, ends what its actions have left, and returns when the agent says that it does not run.
    @Override
    public void terminate(Reason reason) {
        boolean ran;
        synchronized (this) {
            terminations++;
            ran = mayRun;
        }
        try {
            if (ran) {
                stopByAllMeans();
            } else {
                endLeftovers("it was at rest");
            }
        } catch (ResourceFailure e) {
            throw new IllegalStateException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("terminating '%s' was interrupted".formatted(context.resource()), e);
        }
    }

    @Override
    public Health looksAlive() {
        return ask(0);
    }

    @Override
    public Health isAlive() {
        return ask(levels.chosen());
    }

    @Override
    public void close() {
        // nothing is held in the monitor
    }

    private Health ask(int level) {
        try {
            var ended = actions.monitor(level);
            if (ended.timedOut()) {
                return late(ended.words());
            }
            undecidedInARow = 0;
            note(ended);
            return ended.runs() ? Health.alive() : Health.dead(ended.words());
        } catch (ResourceFailure e) {
            return Health.dead("action 'monitor' cannot be run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Health.Undecided("the check was interrupted");
        }
    }

    private Health late(String words) {
        undecidedInARow++;
        return undecidedInARow > UNDECIDED_IN_A_ROW_MAX
                ? Health.dead("%s, %d times in a row".formatted(words, undecidedInARow))
                : new Health.Undecided(words);
    }

    /// Tells once that it begins to be degraded, and once that it is so no more.
    private void note(Ended ended) {
        var now = ended.says(ExitCode.DEGRADED) || ended.says(ExitCode.PROMOTED_DEGRADED);
        if (now != degraded) {
            degraded = now;
            context.publish("degraded", now ? ended.words() : "");
            context.logger().log(now ? Level.WARNING : Level.INFO, now ? ended.words() : "it is degraded no more");
        }
    }

    /// Keeps what a monitor before this one has brought online in this boot, and stops anything else.
    private void recover() throws ResourceFailure {
        var before = context.recovered().map(AdoptionRecord::own).orElse("");
        var thisBoot = RunFolder.bootId() + " ";
        if (before.startsWith(thisBoot)) {
            levels.choose(before.substring(thisBoot.length()));
            mayRun = true;
            return;
        }
        try {
            stopUnlessStopped();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ResourceFailure("opening '%s': it was interrupted".formatted(context.resource()), e);
        }
    }

    private void stopUnlessStopped() throws ResourceFailure, InterruptedException {
        var found = actions.probe();
        if (provesStopped(found)) {
            endLeftovers("its monitor says that it does not run");
            return;
        }
        context.logger()
                .log(
                        Level.WARNING,
                        "it may run here though the cluster did not bring it online: %s. It is stopped. Let nobody else start it"
                                .formatted(found.words()));
        var stop = stop();
        endLeftovers(stop.words());
        var after = actions.probe();
        if (!provesStopped(after)) {
            throw new ResourceFailure(
                    "opening '%s': it cannot be told that it does not run here: %s; %s. %s, and stop it by its own means"
                            .formatted(context.resource(), stop.words(), after.words(), after.advice()));
        }
    }

    /// Whether nothing runs of what was not started here. A node without the programs that it needs runs
    /// nothing.
    private static boolean provesStopped(Ended probe) {
        return probe.says(ExitCode.NOT_RUNNING) || probe.says(ExitCode.INSTALLED);
    }

    private void validate() throws ResourceFailure, InterruptedException {
        var ended = actions.validate();
        if (!ended.says(ExitCode.UNIMPLEMENTED)) {
            succeeded("bringing '%s' online", ended);
        }
    }

    /// Nothing may be started behind a terminate.
    private synchronized void markStarted(long terminationsBefore) throws ResourceFailure {
        if (terminations != terminationsBefore) {
            throw new ResourceFailure("bringing '%s' online: it was terminated meanwhile. Bring it online again"
                    .formatted(context.resource()));
        }
        mayRun = true;
    }

    private void start() throws ResourceFailure, InterruptedException {
        var ended = actions.start();
        if (ended.says(ExitCode.INSTALLED)) {
            // the agent itself says that there was nothing it could have started
            markStopped();
        }
        succeeded("bringing '%s' online", ended);
    }

    /// A resource here has no roles: an agent that has them runs in its plain one. What somebody promoted is
    /// demoted before it is stopped, as such agents expect.
    private Ended stop() throws ResourceFailure, InterruptedException {
        if (actions.metadata().advertises("promote") && actions.probe().promoted()) {
            var demoted = actions.demote();
            if (!demoted.succeeded()) {
                context.logger().log(Level.WARNING, "{0}. It is stopped all the same", demoted.words());
            }
        }
        return actions.stop();
    }

    private void stopByAllMeans() throws ResourceFailure, InterruptedException {
        var stop = stop();
        endLeftovers(stop.words());
        var after = actions.probe();
        // that programs are missing proves nothing of those that were started before
        if (after.says(ExitCode.NOT_RUNNING) || (stop.succeeded() && after.says(ExitCode.INSTALLED))) {
            markStopped();
            return;
        }
        throw new ResourceFailure("terminating '%s': it may still run here: %s; %s. %s, and stop it by its own means"
                .formatted(
                        context.resource(),
                        stop.words(),
                        after.words(),
                        stop.succeeded() ? after.advice() : stop.advice()));
    }

    /// The word of an agent is no proof: it may know its daemon by a file that was lost, and a second one
    /// would be started beside it, here or elsewhere.
    ///
    /// @param said what the agent did or said before
    private Optional<String> endLeftovers(String said) throws ResourceFailure {
        var left = context.processes().endLeftovers(SharedPrograms.of(context, actions.agent()), GRACE);
        if (left.isEmpty()) {
            return Optional.empty();
        }
        var words = "%s, but it had left running and it was ended: %s".formatted(said, String.join("; ", left));
        context.logger().log(Level.WARNING, words);
        return Optional.of(words);
    }

    private void confirmStopped() throws ResourceFailure, InterruptedException {
        var after = actions.probe();
        if (!provesStopped(after)) {
            throw new ResourceFailure("taking '%s' offline: its stop succeeded, but %s. %s"
                    .formatted(context.resource(), after.words(), after.advice()));
        }
        markStopped();
    }

    private void succeeded(String doing, Ended ended) throws ResourceFailure {
        if (!ended.succeeded()) {
            var words = "%s: agent '%s', %s. %s"
                    .formatted(doing.formatted(context.resource()), actions.agent(), ended.words(), ended.advice());
            throw ended.lasts() ? LastingFailure.here(words) : new ResourceFailure(words);
        }
    }

    private synchronized void markStopped() {
        mayRun = false;
    }

    private synchronized long terminations() {
        return terminations;
    }

    @FunctionalInterface
    private interface Step {
        void run() throws ResourceFailure, InterruptedException;
    }

    /// Does one step and tells each minute that it still waits, because the action's own limit holds.
    private static void ticking(Progress progress, String action, Step step)
            throws ResourceFailure, InterruptedException {
        progress.checkpoint("action " + action);
        var ticker = Ticker.start(minutes -> progress.checkpoint("action %s, for %d min".formatted(action, minutes)));
        try (ticker) {
            step.run();
        }
    }
}
