package dev.mainstay.testkit;

import dev.mainstay.spi.ResourceType;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The monitor of a contract: the class path of the test, and before it the type that calls everything twice.
final class MonitorUnderTest {
    private MonitorUnderTest() {}

    static LiveMonitor.Setting setting(ResourceType type, Duration patience, List<String> within) throws IOException {
        var services = Files.createTempDirectory("mainstay-testkit");
        var file = services.resolve("META-INF/services").resolve(ResourceType.class.getName());
        Files.createDirectories(services.resolve("META-INF/services"));
        Files.writeString(file, Twice.class.getName() + "\n");
        // In the order of their making: what is registered last goes first.
        for (var made : List.of(services, services.resolve("META-INF"), services.resolve("META-INF/services"), file)) {
            made.toFile().deleteOnExit();
        }
        return new LiveMonitor.Setting(
                services + ":" + System.getProperty("java.class.path", ""),
                Optional.empty(),
                List.of("-D" + Twice.CLASS + "=" + type.getClass().getName()),
                patience,
                within);
    }
}
