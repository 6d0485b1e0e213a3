package dev.mainstay.types.process;

import static dev.mainstay.spi.PropertyDescription.optional;
import static dev.mainstay.spi.PropertyDescription.required;

import dev.mainstay.spi.ControlAnswer;
import dev.mainstay.spi.ControlRequest;
import dev.mainstay.spi.EntryPoints;
import dev.mainstay.spi.Processes.Command;
import dev.mainstay.spi.Properties;
import dev.mainstay.spi.PropertyDescription.Kind;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.spi.ResourceType;
import dev.mainstay.spi.TypeDescription;
import dev.mainstay.types.check.Checks;
import dev.mainstay.types.node.NodePath;
import dev.mainstay.types.node.Objections;
import java.nio.file.Path;
import java.util.List;

/// The resource type `process`: starts a program, watches it, and may ask it by HTTP, TCP or a command.
///
/// **Source:** the original's Generic Application; graceful stop and checks are additions.
public final class ProcessType implements ResourceType {
    private static final long MINUTE_MILLIS = 60_000;
    private static final long DAY_MILLIS = 24 * 60 * MINUTE_MILLIS;
    private static final long LOG_SIZE_MIN = 4L << 10;
    private static final long LOG_SIZE_MAX = 1L << 40;
    private static final int LOG_FILES_MAX = 100;

    private static final TypeDescription DESCRIPTION = TypeDescription.of(
            "process",
            "1.0.0",
            "Keeps one program running. Without a check it is online once its process was created, and failed when the"
                    + " process ends; with a check it is online once the check succeeds, and failed when it fails. The"
                    + " check is made at each looksAliveInterval and each isAliveInterval.",
            List.of(
                    required(
                            "command",
                            Kind.LIST,
                            "The program and its arguments, one list element each; no shell is involved. A program"
                                    + " without a slash is looked for in PATH. It must stay in the foreground. All that"
                                    + " it starts is ended with it; without control groups not what wipes its"
                                    + " environment, closes the files it inherited and begins a session of its own."),
                    optional(
                            "user",
                            Kind.TEXT,
                            "The user to run as. Needs a monitor that runs as root. Default: the monitor's own user."),
                    optional(
                            "environment",
                            Kind.MAP,
                            "Environment variables by name, added to PATH, LANG, HOME and USER; nothing else is"
                                    + " inherited."),
                    optional(
                            "workingDirectory",
                            Kind.TEXT,
                            "The folder the program runs in; must exist. Default: the resource's own folder."),
                    optional(
                            "log",
                            Kind.TEXT,
                            "The file that receives what the program prints. Default: output.log in the resource's own"
                                    + " folder."),
                    optional("logSize", Kind.SIZE, "When the log has grown to this size it is begun anew.")
                            .withDefault("10MiB")
                            .within(LOG_SIZE_MIN, LOG_SIZE_MAX),
                    optional(
                                    "logFiles",
                                    Kind.INTEGER,
                                    "How many log files are kept, the current one included: output.log, output.log.1"
                                            + " and so on.")
                            .withDefault("3")
                            .within(1, LOG_FILES_MAX),
                    optional("stopSignal", Kind.CHOICE, "The signal that asks the program to end.")
                            .withDefault("TERM")
                            .choosing("TERM", "INT", "QUIT", "HUP", "USR1", "USR2", "KILL"),
                    optional(
                                    "stopGrace",
                                    Kind.DURATION,
                                    "How long the program may take to end after stopSignal; then it is killed with"
                                            + " every process it started.")
                            .withDefault("10s")
                            .within(0, DAY_MILLIS),
                    optional(
                            "check.http",
                            Kind.TEXT,
                            "A URL such as http://127.0.0.1:8080/health; an answer of 200 to 399 means healthy."
                                    + " Redirects are not followed."),
                    optional("check.tcp", Kind.TEXT, "host:port; a connection that is accepted means healthy."),
                    optional(
                            "check.command",
                            Kind.LIST,
                            "A command and its arguments, run as the same user with the same environment; exit code 0"
                                    + " means healthy."),
                    optional(
                                    "check.timeout",
                                    Kind.DURATION,
                                    "How long one check may take. A check that takes longer is undecided; the third"
                                            + " such check in a row means failed.")
                            .withDefault("5s")
                            .within(10, 10 * MINUTE_MILLIS),
                    optional(
                                    "startGrace",
                                    Kind.DURATION,
                                    "How long the program may take from its start until the checks succeed. What it waits for is"
                                            + " told again each minute, which the pending timeout counts from.")
                            .withDefault("60s")
                            .within(100, DAY_MILLIS)));

    @Override
    public TypeDescription describe() {
        return DESCRIPTION;
    }

    @Override
    public EntryPoints open(ResourceContext context) throws ResourceFailure {
        return ProcessResource.open(context);
    }

    @Override
    public ControlAnswer resourceTypeControl(ControlRequest request) {
        return Objections.answer(
                request,
                properties -> request.examine(command(properties, properties.list("command"))),
                properties -> {
                    if (!properties.list("check.command").isEmpty()) {
                        request.examine(command(properties, properties.list("check.command")));
                    }
                },
                properties -> NodePath.full("", properties, "log"),
                properties -> Checks.servers("", properties));
    }

    /// As it would be started; the resource's own folder is always there.
    private static Command command(Properties properties, List<String> line) throws ResourceFailure {
        var folder = NodePath.full("", properties, "workingDirectory").orElse(Path.of("/"));
        return new Command(line, properties.map("environment"), properties.text("user"), folder, Path.of("/dev/null"));
    }
}
