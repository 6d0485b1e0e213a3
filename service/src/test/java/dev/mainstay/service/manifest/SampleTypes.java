package dev.mainstay.service.manifest;

import dev.mainstay.protocol.TypeSpec;
import dev.mainstay.protocol.TypeSpec.AbilitySpec;
import dev.mainstay.protocol.TypeSpec.PropertySpec;
import java.util.List;
import java.util.Map;

/// Types with a property of every kind, close to the built-in ones.
public final class SampleTypes {
    private static final long DAY_MILLIS = 86_400_000;

    private static final TypeSpec PROCESS = type(
            "process",
            List.of(
                    property("command", "LIST", true),
                    property("user", "TEXT", false),
                    property("environment", "MAP", false),
                    property("workingDirectory", "TEXT", false),
                    property("background", "FLAG", false),
                    new PropertySpec(
                            "logSize", "SIZE", false, List.of("10MiB"), List.of(), 4096, 1L << 40, "size of a log"),
                    new PropertySpec("logFiles", "INTEGER", false, List.of("3"), List.of(), 1, 100, "logs kept"),
                    new PropertySpec(
                            "stopSignal",
                            "CHOICE",
                            false,
                            List.of("TERM"),
                            List.of("TERM", "INT", "QUIT"),
                            Long.MIN_VALUE,
                            Long.MAX_VALUE,
                            "asks the program to end"),
                    new PropertySpec(
                            "stopGrace", "DURATION", false, List.of("10s"), List.of(), 0, DAY_MILLIS, "time to end"),
                    property("check.http", "TEXT", false),
                    property("check.command", "LIST", false),
                    new PropertySpec(
                            "check.timeout", "DURATION", false, List.of("5s"), List.of(), 10, 600_000, "of a check")));

    private static final TypeSpec SCRIPT = type("script", List.of(property("scriptFilePath", "TEXT", true)));

    private static final TypeSpec ADDRESS =
            needing("address", "network-address", List.of(), List.of(property("address", "TEXT", true)));

    private static final TypeSpec SITE = needing(
            "site",
            "",
            List.of("network-address", "script"),
            List.of(
                    applying("title", "AT_ONCE"),
                    applying("colour", "NEXT_ONLINE"),
                    applying("threads", "AFTER_RESTART")));

    private SampleTypes() {}

    /// By name.
    public static Map<String, TypeSpec> all() {
        return Map.of("process", PROCESS, "script", SCRIPT, "address", ADDRESS, "site", SITE);
    }

    private static TypeSpec type(String name, List<PropertySpec> properties) {
        return new TypeSpec(name, "1.0.0", "a sample", properties, 5_000, 60_000, 180_000, 300_000, true);
    }

    private static TypeSpec needing(
            String name, String resourceClass, List<String> required, List<PropertySpec> properties) {
        var abilities =
                new AbilitySpec(resourceClass, List.of(), required, List.of(), 0, "/srv/plugins/" + name + ".jar");
        return new TypeSpec(name, "1.0.0", "a sample", properties, 5_000, 60_000, 180_000, 300_000, true, abilities);
    }

    private static PropertySpec applying(String name, String applies) {
        return new PropertySpec(
                name, "TEXT", false, List.of(), List.of(), Long.MIN_VALUE, Long.MAX_VALUE, "help of " + name, applies);
    }

    private static PropertySpec property(String name, String kind, boolean required) {
        return new PropertySpec(
                name, kind, required, List.of(), List.of(), Long.MIN_VALUE, Long.MAX_VALUE, "help of " + name);
    }
}
