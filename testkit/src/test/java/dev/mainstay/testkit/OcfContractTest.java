package dev.mainstay.testkit;

import dev.mainstay.spi.ResourceType;
import dev.mainstay.types.ocf.OcfType;
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
}
