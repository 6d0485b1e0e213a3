package dev.mainstay.types.ocf;

import dev.mainstay.spi.ResourceContext;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A resource agent: an executable file below `resource.d`.
///
/// @param root the folder that agents know as `OCF_ROOT`
record Agent(String provider, String name, Path root) {
    private static final String CLASS = "ocf:";
    private static final Pattern NAMES = Pattern.compile("(\\w[\\w.-]*):(\\w[\\w.-]*)");

    /// The agent that a resource names.
    ///
    /// **Errors:** [ResourceFailure] when the name is none, or this node has no such agent.
    static Agent of(ResourceContext context) throws ResourceFailure {
        var resource = context.resource();
        var written = context.properties().text("agent");
        var names = NAMES.matcher(written.startsWith(CLASS) ? written.substring(CLASS.length()) : written);
        if (!names.matches()) {
            throw new ResourceFailure(
                    "opening '%s': agent '%s' is not provider:name. Write heartbeat:IPaddr2, for example"
                            .formatted(resource, written));
        }
        var root = Path.of(context.properties().text("root"));
        if (!root.isAbsolute()) {
            throw new ResourceFailure(
                    "opening '%s': root '%s' is not a full path. Begin it with a slash".formatted(resource, root));
        }
        var agent = new Agent(names.group(1), names.group(2), root);
        if (!Files.isRegularFile(agent.file()) || !Files.isExecutable(agent.file())) {
            throw new ResourceFailure(
                    "opening '%s': this node has no agent '%s': '%s' is not an executable file%s. Install it on every possible owner, or correct the name"
                            .formatted(resource, agent, agent.file(), agent.alike()));
        }
        return agent;
    }

    Path file() {
        return root.resolve("resource.d").resolve(provider).resolve(name);
    }

    @Override
    public String toString() {
        return provider + ":" + name;
    }

    /// Agents of that name with other letters in capitals, or from another provider.
    private String alike() {
        var agents = root.resolve("resource.d");
        try (var files = Files.walk(agents, 2)) {
            var found = files.map(file -> agents.relativize(file).toString().replace('/', ':'))
                    .filter(one -> one.toLowerCase(Locale.ROOT).endsWith(":" + name.toLowerCase(Locale.ROOT)))
                    .sorted()
                    .collect(Collectors.joining("', '"));
            return found.isEmpty() ? "" : "; there is '%s'".formatted(found);
        } catch (IOException | UncheckedIOException e) {
            return "; '%s' cannot be read: %s".formatted(agents, e.getMessage());
        }
    }
}
