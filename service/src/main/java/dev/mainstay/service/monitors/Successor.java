package dev.mainstay.service.monitors;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The next process of a monitor, started while the one before it gathers its evidence: it has come up by the time
/// at which it may be let in, and until then it waits for its token, hosts nothing and touches nothing.
///
/// **Threads:** one.
final class Successor {
    private static final Logger LOG = LoggerFactory.getLogger(Successor.class);

    private final String monitor;
    private final MonitorKeeper.Place place;
    private final Path directory;
    private Optional<MonitorProcess> waiting = Optional.empty();

    Successor(String monitor, MonitorKeeper.Place place, Path directory) {
        this.monitor = monitor;
        this.place = place;
        this.directory = directory;
    }

    /// Starts it, unless it waits already.
    void start(MonitorSetup setup) {
        if (waiting.isPresent()) {
            return;
        }
        try {
            waiting = Optional.of(MonitorProcess.start(monitor, setup, place, directory));
        } catch (IOException e) {
            LOG.debug("start the next monitor '{}' ahead of time: {}", monitor, e.toString());
        }
    }

    /// Gives back what the process before it needed, unless it is in the same control group already.
    void release(MonitorProcess before) {
        if (waiting.isEmpty()) {
            before.release();
        }
    }

    /// The process that may be let in now: the one that waits, if it was set up like this and still runs, or a new
    /// one.
    MonitorProcess take(MonitorSetup setup) throws IOException {
        var ready = waiting.filter(one -> one.setup().equals(setup) && one.runs());
        if (ready.isEmpty()) {
            dismiss();
            return MonitorProcess.start(monitor, setup, place, directory);
        }
        waiting = Optional.empty();
        return ready.get();
    }

    /// Ends it: nobody needs it for now.
    void dismiss() {
        waiting.ifPresent(MonitorProcess::kill);
        waiting = Optional.empty();
    }
}
