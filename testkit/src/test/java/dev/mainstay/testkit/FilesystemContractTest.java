package dev.mainstay.testkit;

import dev.mainstay.spi.ResourceType;
import dev.mainstay.types.filesystem.FilesystemType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;

/// The built-in type for a mounted file system keeps the contract.
class FilesystemContractTest extends ResourceTypeContract {
    @TempDir
    static Path directory;

    /// What a test that failed left mounted.
    @AfterAll
    static void unmount() throws IOException, InterruptedException {
        for (var line : Files.readAllLines(Path.of("/proc/self/mounts")).reversed()) {
            var point = line.split(" ", 3)[1];
            if (Path.of(point).startsWith(directory)) {
                new ProcessBuilder("umount", point).inheritIO().start().waitFor();
            }
        }
    }

    private static Map<String, List<String>> mountedAt(String point) {
        return Map.of(
                "device", List.of("contract"),
                "fsType", List.of("tmpfs"),
                "options", List.of("size=1m"),
                "mountPoint", List.of(directory.resolve(point).toString()));
    }

    @Override
    protected ResourceType type() {
        return new FilesystemType();
    }

    @Override
    protected Map<String, List<String>> properties() {
        return mountedAt("one");
    }

    @Override
    protected Map<String, List<String>> otherProperties() {
        return mountedAt("other");
    }

    @Override
    protected Optional<Map<String, List<String>>> failingProperties() {
        return Optional.of(Map.of(
                "device", List.of("/dev/no-such-device"),
                "fsType", List.of("ext4"),
                "mountPoint", List.of(directory.resolve("failing").toString())));
    }

    /// The mounts there, each with the number that no other mount of this boot has at the same time.
    @Override
    protected List<String> traces(Map<String, List<String>> properties) {
        var point = " " + String.join("", properties.getOrDefault("mountPoint", List.of())) + " ";
        try {
            return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                    .filter(line -> line.contains(point))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError("the mounts cannot be read", e);
        }
    }
}
