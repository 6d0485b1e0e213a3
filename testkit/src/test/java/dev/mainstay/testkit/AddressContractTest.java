package dev.mainstay.testkit;

import dev.mainstay.spi.ResourceType;
import dev.mainstay.types.address.AddressType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;

/// The built-in type for an IP address keeps the contract, in a network of its own.
class AddressContractTest extends ResourceTypeContract {
    private static final String NETWORK = "mscontract" + ProcessHandle.current().pid();

    private static void ip(String... words) {
        var line = new ArrayList<>(List.of(words));
        line.addFirst("ip");
        try {
            var process = new ProcessBuilder(line).inheritIO().start();
            if (process.waitFor() != 0) {
                throw new AssertionError(line + " failed");
            }
        } catch (IOException e) {
            throw new AssertionError(line + " cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @AfterAll
    static void removeNetwork() {
        ip("netns", "delete", NETWORK);
    }

    @Override
    protected List<String> within() {
        ip("netns", "add", NETWORK);
        ip("-n", NETWORK, "link", "add", "eth0", "type", "veth", "peer", "name", "eth1");
        ip("-n", NETWORK, "link", "set", "eth1", "up");
        ip("-n", NETWORK, "link", "set", "eth0", "up");
        ip("-n", NETWORK, "addr", "add", "192.0.2.1/24", "dev", "eth0");
        return List.of("ip", "netns", "exec", NETWORK);
    }

    @Override
    protected ResourceType type() {
        return new AddressType();
    }

    @Override
    protected Map<String, List<String>> properties() {
        return Map.of("address", List.of("192.0.2.10"), "duplicateCheck", List.of("100ms"));
    }

    @Override
    protected Map<String, List<String>> otherProperties() {
        return Map.of("address", List.of("192.0.2.11"), "duplicateCheck", List.of("100ms"));
    }

    @Override
    protected Optional<Map<String, List<String>>> failingProperties() {
        return Optional.of(Map.of("address", List.of("198.51.100.1")));
    }

    @Override
    protected List<String> traces(Map<String, List<String>> properties) {
        var address = " " + String.join("", properties.getOrDefault("address", List.of())) + "/";
        try {
            var process = new ProcessBuilder("ip", "-n", NETWORK, "-oneline", "address").start();
            try (var said = process.inputReader()) {
                return said.lines().filter(line -> line.contains(address)).toList();
            }
        } catch (IOException e) {
            throw new AssertionError("the addresses cannot be read", e);
        }
    }
}
