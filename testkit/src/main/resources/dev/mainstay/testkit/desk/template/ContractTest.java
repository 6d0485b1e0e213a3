package example;

import dev.mainstay.spi.ResourceType;
import dev.mainstay.testkit.ResourceTypeContract;
import java.util.List;
import java.util.Map;

/// The type keeps the contract of resource types.
class @CLASS@ContractTest extends ResourceTypeContract {
    @Override
    protected ResourceType type() {
        return new @CLASS@Type();
    }

    @Override
    protected Map<String, List<String>> properties() {
        return Map.of("seconds", List.of("1000"));
    }
}
