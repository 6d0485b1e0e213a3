package dev.mainstay.types.ocf;

import dev.mainstay.spi.Processes.Command;
import dev.mainstay.spi.Processes.Finished;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.types.node.Secrets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Calls the actions of one resource's agent, each with its time limit.
///
/// What an action starts lives on when it ends in time; it is killed together with one that does not.
///
/// **Threads:** any.
record Actions(ResourceContext context, Agent agent, Metadata metadata, Path run) {
    /// What agents learn of the time between two checks: zero would make it a probe, nothing else depends on it.
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(5);

    /// The file that keeps what agents and their daemons print.
    static Path log(ResourceContext context) {
        return context.directory().resolve("output.log");
    }

    Ended start() throws ResourceFailure, InterruptedException {
        return call("start", 0, Duration.ZERO, limit("timeouts.start", metadata.advised("start")));
    }

    Ended stop() throws ResourceFailure, InterruptedException {
        return call("stop", 0, Duration.ZERO, limit("timeouts.stop", metadata.advised("stop")));
    }

    Ended demote() throws ResourceFailure, InterruptedException {
        return call("demote", 0, Duration.ZERO, limit("timeouts.stop", metadata.advised("demote")));
    }

    Ended validate() throws ResourceFailure, InterruptedException {
        return call("validate-all", 0, Duration.ZERO, limit("timeouts.start", metadata.advised("validate-all")));
    }

    /// Asks how a resource that should run does.
    Ended monitor(int level) throws ResourceFailure, InterruptedException {
        return call("monitor", level, CHECK_INTERVAL, monitorLimit(level));
    }

    /// Asks whether the resource runs though it need not.
    Ended probe() throws ResourceFailure, InterruptedException {
        return call("monitor", 0, Duration.ZERO, monitorLimit(0));
    }

    private Duration monitorLimit(int level) {
        return limit("timeouts.monitor", metadata.advisedForCheck(level));
    }

    private Duration limit(String property, Duration advised) {
        var set = context.properties().duration(property);
        return set.isZero() ? advised : set;
    }

    private Ended call(String action, int level, Duration interval, Duration limit)
            throws ResourceFailure, InterruptedException {
        var command = new Command(
                List.of(agent.file().toString(), action),
                new ActionEnvironment(agent, context).of(action, level, interval, limit, run),
                "",
                context.directory(),
                log(context));
        var ended = context.processes().run(command, limit);
        var said = Secrets.hidden(ended.output(), context.properties().map("parameters"));
        return new Ended(action, level, limit, new Finished(ended.exitCode(), ended.timedOut(), said));
    }
}
