package dev.mainstay.types.script;

import dev.mainstay.spi.AdoptionRecord;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.LastingFailure;
import dev.mainstay.spi.Operation;
import dev.mainstay.spi.Outcome;
import dev.mainstay.spi.Processes.Command;
import dev.mainstay.spi.Processes.Finished;
import dev.mainstay.spi.Reason;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.types.node.NodePath;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One script that is a resource. What it starts in the background is its own business until offline or
/// terminate.
///
/// **Threads:** terminate may come during any other call but close; the only state is the count of late
/// checks, which checks alone touch.
final class ScriptResource implements EntryPoints {
    /// A check that times out on a starved node is undecided, not dead, this many times in a row.
    private static final int UNDECIDED_IN_A_ROW_MAX = 2;

    private static final int DETAIL_CHARACTERS_MAX = 2000;
    /// How long what the script left may take to end by SIGTERM; a failover waits for it.
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final ResourceContext context;
    private final Path script;
    private int undecidedInARow;

    private ScriptResource(ResourceContext context, Path script) {
        this.context = context;
        this.script = script;
    }

    static ScriptResource open(ResourceContext context) throws ResourceFailure {
        var script = NodePath.full(
                context.resource(), "scriptFilePath", context.properties().text("scriptFilePath"));
        if (!Files.isExecutable(script) || !Files.isRegularFile(script)) {
            throw LastingFailure.missing(
                    "opening '%s': '%s' is not an executable file on this node. Put it there on every possible owner and chmod +x it"
                            .formatted(context.resource(), script),
                    script);
        }
        var opened = new ScriptResource(context, script);
        var survives = context.recovered()
                .map(AdoptionRecord::own)
                .filter(bootId()::equals)
                .isPresent();
        if (!survives) {
            opened.endLeftovers();
        }
        try {
            opened.perform(Verb.OPEN, opened.checkTimeout(), Map.of());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ResourceFailure("opening '%s': it was interrupted".formatted(context.resource()), e);
        }
        return opened;
    }

    @Override
    public Outcome online(Operation operation) {
        return operation.pending(progress -> {
            progress.checkpoint("script verb online");
            perform(Verb.ONLINE, context.properties().duration("timeout"), told(operation));
            // what the script started is found by isalive, so the boot it belongs to is all there is to prove
            operation.adoptable(new AdoptionRecord(List.of(), "", bootId()));
        });
    }

    @Override
    public Outcome offline(Operation operation) {
        return operation.pending(progress -> {
            progress.checkpoint("script verb offline");
            perform(Verb.OFFLINE, context.properties().duration("timeout"), told(operation));
            endLeftovers().ifPresent(progress::checkpoint);
        });
    }

    @Override
    public void terminate(Reason reason) {
        try {
            try {
                perform(Verb.TERMINATE, checkTimeout(), Map.of("MAINSTAY_REASON", reason.name()));
            } finally {
                endLeftovers();
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
        return ask(Verb.LOOKSALIVE);
    }

    @Override
    public Health isAlive() {
        return ask(Verb.ISALIVE);
    }

    @Override
    public void close() {
        try {
            perform(Verb.CLOSE, checkTimeout(), Map.of());
        } catch (ResourceFailure e) {
            context.logger().log(Level.WARNING, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Health ask(Verb verb) {
        try {
            var finished = run(verb, checkTimeout(), Map.of());
            if (finished.timedOut()) {
                undecidedInARow++;
                var late = "verb '%s' did not end within %d ms"
                        .formatted(verb.argument(), checkTimeout().toMillis());
                return undecidedInARow > UNDECIDED_IN_A_ROW_MAX
                        ? Health.dead("%s, %d times in a row".formatted(late, undecidedInARow))
                        : new Health.Undecided(late);
            }
            undecidedInARow = 0;
            return verb.succeeded(finished.exitCode()) ? Health.alive() : Health.dead(ended(verb, finished));
        } catch (ResourceFailure e) {
            return Health.dead("verb '%s' cannot be run: %s".formatted(verb.argument(), e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Health.Undecided("the check was interrupted");
        }
    }

    private void perform(Verb verb, Duration limit, Map<String, String> more)
            throws ResourceFailure, InterruptedException {
        var finished = run(verb, limit, more);
        if (finished.timedOut()) {
            throw new ResourceFailure(
                    "script '%s' of '%s': verb '%s' did not end within %d ms and was killed. It printed: %s. Repair the script, or raise its time limit"
                            .formatted(
                                    script, context.resource(), verb.argument(), limit.toMillis(), detail(finished)));
        }
        if (!verb.succeeded(finished.exitCode())) {
            throw new ResourceFailure(
                    "script '%s' of '%s': %s".formatted(script, context.resource(), ended(verb, finished)));
        }
    }

    private Finished run(Verb verb, Duration limit, Map<String, String> more)
            throws ResourceFailure, InterruptedException {
        var properties = context.properties();
        var environment = new HashMap<>(properties.map("environment"));
        environment.put("MAINSTAY_RESOURCE_NAME", context.resource());
        environment.put("MAINSTAY_GROUP", context.group());
        if (context.cluster().available()) {
            environment.put("MAINSTAY_NODE", context.cluster().node());
        }
        environment.put("MAINSTAY_VERB", verb.argument());
        environment.putAll(more);
        var command = new Command(
                List.of(script.toString(), verb.argument()),
                environment,
                properties.text("user"),
                context.directory(),
                context.directory().resolve("output.log"));
        return context.processes().run(command, limit);
    }

    /// That the script says it is offline is no proof.
    private Optional<String> endLeftovers() throws ResourceFailure {
        if (!context.properties().flag("killLeftovers")) {
            return Optional.empty();
        }
        var left = context.processes().endLeftovers(Set.of(), GRACE);
        if (left.isEmpty()) {
            return Optional.empty();
        }
        var words = "the script had left running and it was ended: " + String.join("; ", left);
        context.logger().log(Level.WARNING, words);
        return Optional.of(words);
    }

    private Duration checkTimeout() {
        return context.properties().duration("checkTimeout");
    }

    private static Map<String, String> told(Operation operation) {
        return Map.of(
                "MAINSTAY_EPOCH", Long.toString(operation.epoch()),
                "MAINSTAY_REASON", operation.reason().name());
    }

    private static String ended(Verb verb, Finished finished) {
        var unknown = finished.exitCode() == Verb.NOT_KNOWN ? " (verb not known, but required)" : "";
        return "verb '%s' ended with exit code %d%s: %s"
                .formatted(verb.argument(), finished.exitCode(), unknown, detail(finished));
    }

    private static String detail(Finished finished) {
        var text = finished.output().strip();
        return text.isEmpty() ? "(nothing)" : text.substring(Math.max(0, text.length() - DETAIL_CHARACTERS_MAX));
    }

    private static String bootId() throws ResourceFailure {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            throw new ResourceFailure("reading '%s': %s".formatted(BOOT_ID, e.getMessage()), e);
        }
    }
}
