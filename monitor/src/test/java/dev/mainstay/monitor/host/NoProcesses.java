package dev.mainstay.monitor.host;

import dev.mainstay.spi.AdoptionRecord;
import dev.mainstay.spi.Processes;
import dev.mainstay.spi.ResourceFailure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Processes for resources that have none.
///
/// @param ended is told that everything shall be ended
record NoProcesses(Runnable ended) implements Processes {
    @Override
    public Running start(Command command) throws ResourceFailure {
        throw new ResourceFailure("nothing is started here");
    }

    @Override
    public Optional<Running> adopt(AdoptionRecord adoption) {
        return Optional.empty();
    }

    @Override
    public Finished run(Command command, Duration limit) throws ResourceFailure {
        throw new ResourceFailure("nothing is run here");
    }

    @Override
    public void endAll() {
        ended.run();
    }

    @Override
    public List<String> endLeftovers(Set<String> shared, Duration grace) {
        ended.run();
        return List.of();
    }
}
