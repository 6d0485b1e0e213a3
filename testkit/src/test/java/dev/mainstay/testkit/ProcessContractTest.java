package dev.mainstay.testkit;

import dev.mainstay.spi.ResourceType;
import dev.mainstay.types.process.ProcessType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The built-in type for a program keeps the contract.
class ProcessContractTest extends ResourceTypeContract {
    @Override
    protected ResourceType type() {
        return new ProcessType();
    }

    @Override
    protected Map<String, List<String>> properties() {
        return Map.of("command", List.of("sleep", "1000"));
    }

    @Override
    protected Optional<Map<String, List<String>>> failingProperties() {
        return Optional.of(Map.of("command", List.of("/no/such/program")));
    }
}
