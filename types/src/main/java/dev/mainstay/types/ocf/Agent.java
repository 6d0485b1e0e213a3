package dev.mainstay.types.ocf;

import dev.mainstay.spi.LastingFailure;
import dev.mainstay.spi.Properties;
import dev.mainstay.spi.ResourceFailure;
import dev.mainstay.types.node.NodePath;
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
    static Agent of(String resource, Properties properties) throws ResourceFailure {
        var agent = named(resource, properties);
        if (!Files.isRegularFile(agent.file()) || !Files.isExecutable(agent.file())) {
            throw agent.missing(resource);
        }
        return agent;
    }

    /// That this node does not have it.
    LastingFailure missing(String resource) {
        return LastingFailure.missing(
                "opening '%s': this node has no agent '%s': '%s' is not an executable file%s. Install it on every possible owner, or correct the name"
                        .formatted(resource, this, file(), alike()),
                file());
    }

    /// The agent that properties name, whether this node has it or not.
    static Agent named(String resource, Properties properties) throws ResourceFailure {
        var written = properties.text("agent");
        var names = NAMES.matcher(written.startsWith(CLASS) ? written.substring(CLASS.length()) : written);
        if (!names.matches()) {
            throw new LastingFailure(
                    "opening '%s': agent '%s' is not provider:name. Write heartbeat:IPaddr2, for example"
                            .formatted(resource, written));
        }
        var root = NodePath.full(resource, "root", properties.text("root"));
        return new Agent(names.group(1), names.group(2), root);
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
