package dev.mainstay.testkit;

import dev.mainstay.fixtures.PrivateSystemd;
import dev.mainstay.spi.ResourceType;
import dev.mainstay.types.systemd.SystemdType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// The built-in type for units of systemd keeps the contract over a real systemd.
class SystemdContractIT extends ResourceTypeContract {
    @TempDir
    static Path machine;

    private static PrivateSystemd systemd;

    @BeforeAll
    static void bootSystemd() throws Exception {
        systemd = PrivateSystemd.start(machine);
        systemd.write("one.service", "[Service]\nExecStart=/bin/sleep 3000\n");
        systemd.write("other.service", "[Service]\nExecStart=/bin/sleep 3000\n");
        systemd.write("failing.service", "[Service]\nType=oneshot\nExecStart=/bin/false\n");
    }

    @AfterAll
    static void endSystemd() {
        systemd.close();
    }

    private static Map<String, List<String>> unit(String name) {
        return Map.of(
                "unit", List.of(name),
                "bus", List.of(systemd.bus()),
                "dropInDirectory", List.of(systemd.dropIns()),
                "journalDirectory", List.of(systemd.journal()));
    }

    @Override
    protected ResourceType type() {
        return new SystemdType();
    }

    @Override
    protected Map<String, List<String>> properties() {
        return unit("one");
    }

    @Override
    protected Map<String, List<String>> otherProperties() {
        return unit("other");
    }

    @Override
    protected Optional<Map<String, List<String>>> failingProperties() {
        return Optional.of(unit("failing"));
    }

    @Override
    protected List<String> traces(Map<String, List<String>> properties) {
        var unit = String.join("", properties.getOrDefault("unit", List.of()));
        return systemd.systemctl("is-active", unit).matches("3 (inactive|failed)")
                ? List.of()
                : List.of(systemd.systemctl("show", "--property=InvocationID,MainPID,ActiveState", unit)
                        .replace('\n', ' '));
    }
}
