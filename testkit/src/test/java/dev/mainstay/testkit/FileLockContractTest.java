package dev.mainstay.testkit;

import dev.mainstay.spi.ResourceType;
import dev.mainstay.types.lock.FileLockType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/// The built-in lock on a file keeps the contract.
class FileLockContractTest extends ResourceTypeContract {
    @TempDir
    static Path directory;

    @Override
    protected ResourceType type() {
        return new FileLockType();
    }

    @Override
    protected Map<String, List<String>> properties() {
        return Map.of("path", List.of(directory.resolve("lock").toString()));
    }

    @Override
    protected Map<String, List<String>> otherProperties() {
        return Map.of("path", List.of(directory.resolve("other").toString()));
    }

    @Override
    protected Optional<Map<String, List<String>>> failingProperties() {
        return Optional.of(Map.of("path", List.of("/no/such/lock")));
    }
}
