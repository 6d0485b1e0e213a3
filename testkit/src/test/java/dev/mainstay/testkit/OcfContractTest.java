package dev.mainstay.testkit;

import dev.mainstay.spi.ResourceType;
import dev.mainstay.types.ocf.OcfType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/// The built-in type for resource agents keeps the contract with an agent that does.
class OcfContractTest extends ResourceTypeContract {
    @TempDir
    static Path directory;

    private static Map<String, List<String>> dummy(String state) {
        return Map.of(
                "agent", List.of("heartbeat:Dummy"),
                "parameters", List.of("state=" + directory.resolve(state)),
                "runFolder", List.of(directory.resolve("run").toString()));
    }

    @Override
    protected ResourceType type() {
        return new OcfType();
    }

    @Override
    protected Map<String, List<String>> properties() {
        return dummy("one");
    }

    @Override
    protected Map<String, List<String>> otherProperties() {
        return dummy("other");
    }

    @Override
    protected Optional<Map<String, List<String>>> failingProperties() {
        return Optional.of(dummy("no/such/folder"));
    }

    /// The agent's state file says that it runs; each start makes it anew.
    @Override
    protected List<String> traces(Map<String, List<String>> properties) {
        var state = Path.of(String.join("", properties.getOrDefault("parameters", List.of()))
                .substring("state=".length()));
        try {
            return Files.exists(state) ? List.of(state + " since " + Files.getLastModifiedTime(state)) : List.of();
        } catch (IOException e) {
            throw new AssertionError("the state file cannot be looked at", e);
        }
    }
}
