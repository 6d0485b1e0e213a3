package dev.mainstay.testkit;

import dev.mainstay.fixtures.PrivateEngine;
import dev.mainstay.spi.ResourceType;
import dev.mainstay.types.container.ContainerType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What containers are that a contract is held against, whatever the engine.
abstract class ContainerContract extends ResourceTypeContract {
    abstract PrivateEngine engine();

    private Map<String, List<String>> named(String name) {
        return Map.of(
                "name", List.of(name),
                "image", List.of(PrivateEngine.IMAGE),
                "command", List.of("sleep", "3000"),
                "engine", List.of(engine().program()),
                "environment",
                        engine().environment().entrySet().stream()
                                .map(entry -> entry.getKey() + "=" + entry.getValue())
                                .toList(),
                "pull", List.of("never"),
                "stopGrace", List.of("0s"));
    }

    @Override
    protected ResourceType type() {
        return new ContainerType();
    }

    @Override
    protected Map<String, List<String>> properties() {
        return named("one");
    }

    @Override
    protected Map<String, List<String>> otherProperties() {
        return named("other");
    }

    @Override
    protected Optional<Map<String, List<String>>> failingProperties() {
        var properties = new HashMap<>(named("failing"));
        properties.put("image", List.of("localhost/no-such:1"));
        return Optional.of(properties);
    }

    @Override
    protected List<String> traces(Map<String, List<String>> properties) {
        var name = String.join("", properties.getOrDefault("name", List.of()));
        return engine().say("ps", "--all", "--no-trunc", "--format", "{{.Names}} {{.ID}}")
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .toList();
    }
}
