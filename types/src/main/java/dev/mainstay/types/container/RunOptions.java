package dev.mainstay.types.container;

import dev.mainstay.spi.LastingFailure;
import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// The command line that makes a container: what the operator wants, and what the cluster insists on.
final class RunOptions {
    private static final Map<String, String> OURS = Map.of(
            "--restart", "the cluster restarts it, not the engine",
            "--rm", "the cluster removes it, after it has read why it ended",
            "--name", "set the property name",
            "--pull", "set the property pull",
            "--detach", "it is detached always",
            "-d", "it is detached always",
            "--replace", "the cluster replaces only what it made");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");

    private RunOptions() {}

    static void check(ResourceContext context) throws ResourceFailure {
        if (!NAME.matcher(name(context)).matches()) {
            throw new LastingFailure(
                    "opening '%s': name '%s' is no name of a container: it has letters, digits, _, . and -, and begins with a letter or digit. Correct it"
                            .formatted(context.resource(), name(context)));
        }
        for (var option : context.properties().list("options")) {
            var why = OURS.get(option.split("=", 2)[0]);
            if (why != null) {
                throw new LastingFailure("reading options of '%s': '%s' cannot be given, because %s. Take it out"
                        .formatted(context.resource(), option, why));
            }
        }
        var environment = context.properties().map("environment");
        for (var name : List.of("DOCKER_HOST", "CONTAINER_HOST")) {
            var host = environment.getOrDefault(name, "unix://");
            if (!host.startsWith("unix://")) {
                throw new LastingFailure(
                        "opening '%s': %s is '%s', so the container would run elsewhere and not fail over with this node. Use an engine of the node itself"
                                .formatted(context.resource(), name, host));
            }
        }
    }

    static String name(ResourceContext context) {
        var given = context.properties().text("name");
        return given.isEmpty() ? "mainstay-" + context.resource().replaceAll("[^A-Za-z0-9_.-]", "-") : given;
    }

    static List<String> line(ResourceContext context, String name) {
        var properties = context.properties();
        var line = new ArrayList<>(List.of("run", "--detach", "--name", name, "--pull", properties.text("pull")));
        line.addAll(properties.list("options"));
        line.addAll(List.of("--restart", "no", "--label", Container.LABEL + "=" + context.directory()));
        line.add(properties.text("image"));
        line.addAll(properties.list("command"));
        return line;
    }
}
