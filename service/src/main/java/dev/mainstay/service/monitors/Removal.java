package dev.mainstay.service.monitors;

import dev.mainstay.protocol.ToService.Deadlocked;
import dev.mainstay.service.monitors.MonitorStatus.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes the process of a monitor that is of no use any more out of the world: evidence, kill, proof of its death.
///
/// **Threads:** the keeper's.
final class Removal {
    private static final Logger LOG = LoggerFactory.getLogger(Removal.class);

    private final String monitor;
    private final MonitorKeeper.Place place;
    private final Path directory;
    private final Standing standing;
    private final MonitorListener listener;
    private final BooleanSupplier stopping;

    /// Why a process is removed.
    ///
    /// @param asked whether an operator wants it replaced
    /// @param unneeded whether nobody needs it
    /// @param declared what it told of a call that did not return
    /// @param givenUp why it is not waited for any more, or empty
    record Why(boolean asked, boolean unneeded, Optional<Deadlocked> declared, String givenUp) {}

    /// @param stopping whether the service ends and waits for nothing any more
    Removal(
            String monitor,
            MonitorKeeper.Place place,
            Path directory,
            Standing standing,
            MonitorListener listener,
            BooleanSupplier stopping) {
        this.monitor = monitor;
        this.place = place;
        this.directory = directory;
        this.standing = standing;
        this.listener = listener;
        this.stopping = stopping;
    }

    /// Returns how it ended, when it has.
    Ending of(MonitorProcess old, Why why) throws InterruptedException {
        boolean byItself = old.awaitEnd(why.declared.isEmpty() ? MonitorProcess.OWN_END_LIMIT : Duration.ZERO);
        var seen = "";
        if (!byItself) {
            seen = why.givenUp.isEmpty() ? "" : StillLife.of(old.pid());
            standing.is(State.ENDING);
            kill(old);
        }
        return ending(old, byItself, why, seen);
    }

    private Ending ending(MonitorProcess old, boolean byItself, Why why, String seen) {
        var ended = new Ended(monitor, old.pid(), old.endInWords(), old.lastOutput(directory), old.suspects(directory));
        if (why.asked || (why.unneeded && why.declared.isEmpty())) {
            return ended.inGoodOrder(why.asked);
        }
        var evidence = new Evidence(place.data().resolve("evidence"));
        var ending = byItself || why.givenUp.isEmpty()
                ? ended.unasked(byItself, why.declared, standing.trouble(), evidence)
                : ended.silent(why.givenUp, seen, evidence);
        LOG.warn("monitor '{}' (pid {}) is gone: {}. It is replaced.", monitor, old.pid(), ending.reason());
        return ending;
    }

    /// Kills until the process is gone. One that stays says so and gets the node its last resort, once.
    private void kill(MonitorProcess old) throws InterruptedException {
        old.kill();
        if (old.awaitEnd(place.killLimit())) {
            return;
        }
        var trouble = ("the process of monitor '%s' (pid %d) was killed and is still there after %d s%s: its resources "
                        + "are not opened anywhere else before it is gone")
                .formatted(monitor, old.pid(), place.killLimit().toSeconds(), old.waitsIn());
        var done = place.lastResort().run(trouble);
        LOG.error("{}; {}", trouble, done);
        standing.stuck("%s; %s".formatted(trouble, done));
        listener.stuck(monitor, "%s; %s".formatted(trouble, done));
        while (!stopping.getAsBoolean() && !old.awaitEnd(Duration.ofSeconds(1))) {
            old.kill();
        }
        LOG.info("the process of monitor '{}' (pid {}) is gone at last", monitor, old.pid());
    }
}
