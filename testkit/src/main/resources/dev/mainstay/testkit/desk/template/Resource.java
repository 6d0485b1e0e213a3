package example;

import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Operation;
import dev.mainstay.spi.Outcome;
import dev.mainstay.spi.Processes;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One resource: a process that is started, watched, adopted and ended.
final class @CLASS@Resource implements EntryPoints {
    private final ResourceContext context;
    private final ResourceContext.FailureSignal failure;
    // Set by online's worker and by open, read by the checks.
    private volatile Optional<Processes.Running> process = Optional.empty();

    @CLASS@Resource(ResourceContext context) {
        this.context = context;
        // The end of the process is told at once: LooksAlive need not be polled.
        this.failure = context.signalInsteadOfLooksAlive();
        // After a crash of the monitor: the very process that an earlier one started, if it still runs.
        context.recovered().flatMap(context.processes()::adopt).ifPresent(this::watch);
    }

    private void watch(Processes.Running running) {
        process = Optional.of(running);
        running.onExit(failure::raise);
    }

    private boolean runs() {
        return process.filter(Processes.Running::alive).isPresent();
    }

    /// Long work belongs in a worker: the entry point returns at once, and each step is told.
    @Override
    public Outcome online(Operation operation) {
        return operation.pending(progress -> {
            progress.checkpoint("start the process");
            if (!runs()) {
                start();
            }
            operation.adoptable(process.orElseThrow().adoption());
        });
    }

    private void start() throws ResourceFailure {
        var seconds = Long.toString(context.properties().integer("seconds"));
        watch(context.processes()
                .start(new Processes.Command(
                        List.of("sleep", seconds),
                        Map.of(),
                        "",
                        context.directory(),
                        context.directory().resolve("output.log"))));
    }

    @Override
    public Outcome offline(Operation operation) {
        return operation.pending(progress -> {
            progress.checkpoint("end the process");
            context.processes().endAll();
        });
    }

    @Override
    public void terminate(Reason reason) {
        try {
            context.processes().endAll();
        } catch (ResourceFailure stays) {
            throw new IllegalStateException(stays);
        }
    }

    @Override
    public Health looksAlive() {
        return isAlive();
    }

    @Override
    public Health isAlive() {
        return runs() ? Health.alive() : Health.dead("the process does not run");
    }

    @Override
    public void close() {}
}
