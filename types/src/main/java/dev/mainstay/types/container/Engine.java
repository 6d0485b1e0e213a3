package dev.mainstay.types.container;

import dev.mainstay.spi.ControlRequest;
import dev.mainstay.spi.LastingFailure;
import dev.mainstay.spi.Processes.Command;
import dev.mainstay.spi.Processes.Finished;
import dev.mainstay.spi.Properties;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.types.node.Secrets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The command line of podman or docker, as far as both agree.
///
/// @param program what is run: a name looked for in PATH, or a full path
record Engine(ResourceContext context, String program) {
    private static final Duration VERSION_LIMIT = Duration.ofSeconds(10);
    private static final int WORDS_MAX = 1000;

    /// Marks the line of an answer, whatever warnings are around it.
    private static final String MARK = "mainstay-inspect";

    private static final String FORMAT = MARK
            + "\t{{.Id}}\t{{.State.Running}}\t{{.State.Pid}}\t{{.State.ExitCode}}\t{{.State.OOMKilled}}"
            + "\t{{.HostConfig.RestartPolicy.Name}}\t{{index .Config.Labels \"" + Container.LABEL + "\"}}";

    /// The engine that is asked for, which [#first] finds to be there, or the first one there is.
    static Engine of(ResourceContext context) throws ResourceFailure, InterruptedException {
        var asked = context.properties().text("engine");
        if (!asked.equals("auto")) {
            return new Engine(context, asked);
        }
        for (var program : List.of("podman", "docker")) {
            var engine = new Engine(context, program);
            try {
                engine.mustBeThere();
                return engine;
            } catch (ResourceFailure notThisOne) {
                context.logger()
                        .log(System.Logger.Level.DEBUG, "{0}: {1}", program, String.valueOf(notThisOne.getMessage()));
            }
        }
        throw LastingFailure.here(
                "opening '%s': neither podman nor docker can be run on this node. Install one of them on every possible owner (apt-get install podman), or say by engine where it is"
                        .formatted(context.resource()));
    }

    /// Whether this node has the engine that properties name.
    static void examine(Properties properties, ControlRequest request) throws ResourceFailure {
        var asked = properties.text("engine");
        var programs = asked.equals("auto") ? List.of("podman", "docker") : List.of(asked);
        for (int i = 0; i < programs.size(); i++) {
            try {
                request.examine(new Command(
                        List.of(programs.get(i)),
                        properties.map("environment"),
                        "",
                        Path.of("/"),
                        Path.of("/dev/null")));
                return;
            } catch (LastingFailure notThisOne) {
                if (i == programs.size() - 1) {
                    throw notThisOne;
                }
            }
        }
    }

    private void mustBeThere() throws ResourceFailure, InterruptedException {
        try {
            succeed("asking its version", run(VERSION_LIMIT, List.of("--version")));
        } catch (ResourceFailure e) {
            var words =
                    "opening '%s': the container engine '%s' cannot be run on this node (%s). Install it on every possible owner, or change engine"
                            .formatted(context.resource(), program, e.getMessage());
            throw e instanceof LastingFailure ? LastingFailure.here(words).because(e) : new ResourceFailure(words, e);
        }
    }

    /// As [#inspect], as the first question to this engine.
    ///
    /// **Errors:** [ResourceFailure] that says so when there is no such engine on this node.
    Optional<Container> first(String name) throws ResourceFailure, InterruptedException {
        try {
            return inspect(name);
        } catch (ResourceFailure e) {
            mustBeThere();
            throw e;
        }
    }

    /// The container of that name or id; empty when there is none.
    ///
    /// **Errors:** [ResourceFailure] when the engine does not answer.
    Optional<Container> inspect(String nameOrId) throws ResourceFailure, InterruptedException {
        var limit = context.properties().duration("checkTimeout");
        var answer = run(limit, List.of("container", "inspect", "--format", FORMAT, nameOrId));
        if (answer.exitCode() == 0) {
            return Optional.of(Container.of(answer.output()
                    .lines()
                    .filter(line -> line.startsWith(MARK))
                    .findFirst()
                    .orElseThrow(() -> failure("inspecting '%s'".formatted(nameOrId), answer))));
        }
        var said = answer.output().toLowerCase(Locale.ROOT);
        if (!answer.timedOut() && (said.contains("no such container") || said.contains("no container with"))) {
            return Optional.empty();
        }
        throw failure("inspecting '%s'".formatted(nameOrId), answer);
    }

    /// Kills it without asking and removes it, with whatever it printed.
    void remove(String nameOrId) throws ResourceFailure, InterruptedException {
        var limit = context.properties().duration("checkTimeout");
        // the engines disagree on how long a forced removal asks nicely first; what is dead cannot be killed
        run(limit, List.of("kill", nameOrId));
        var answer = run(limit, List.of("rm", "--force", "--volumes", nameOrId));
        if (inspect(nameOrId).isPresent()) {
            throw failure("removing container '%s'".formatted(nameOrId), answer);
        }
    }

    /// The end of what it printed, for people.
    String printed(String id) throws InterruptedException {
        try {
            return words(run(VERSION_LIMIT, List.of("logs", "--tail", "10", id)).output());
        } catch (ResourceFailure noLog) {
            return "";
        }
    }

    Finished run(Duration limit, List<String> arguments) throws ResourceFailure, InterruptedException {
        return context.processes().run(command(arguments), limit);
    }

    Command command(List<String> arguments) {
        var line = new ArrayList<String>();
        line.add(program);
        line.addAll(arguments);
        return new Command(
                line,
                context.properties().map("environment"),
                "",
                context.directory(),
                context.directory().resolve("engine.log"));
    }

    /// The answer, if it is a good one.
    Finished succeed(String what, Finished answer) throws ResourceFailure {
        if (answer.timedOut() || answer.exitCode() != 0) {
            throw failure(what, answer);
        }
        return answer;
    }

    private ResourceFailure failure(String what, Finished answer) {
        return new ResourceFailure(
                answer.timedOut()
                        ? "%s: %s did not answer in time and was killed. It printed: %s"
                                .formatted(what, program, words(answer.output()))
                        : "%s: %s ended with exit code %d: %s"
                                .formatted(what, program, answer.exitCode(), words(answer.output())));
    }

    private static String words(String output) {
        var text = Secrets.hidden(output.strip()).replaceAll("\\s*\n\\s*", " | ");
        return text.isEmpty() ? "(nothing)" : text.substring(Math.max(0, text.length() - WORDS_MAX));
    }
}
