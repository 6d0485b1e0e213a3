package dev.mainstay.testkit;

import dev.mainstay.spi.ResourceType;
import dev.mainstay.types.script.ScriptType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/// The built-in type for a script keeps the contract.
class ScriptContractTest extends ResourceTypeContract {
    private static final String DAEMON = """
            #!/bin/sh
            running() { [ -e pid ] && kill -0 $(cat pid) 2>/dev/null; }
            case $1 in
            online) running || { setsid sleep 300 >/dev/null 2>&1 & echo $! >pid; } ;;
            offline) running && kill $(cat pid); rm -f pid ;;
            looksalive|isalive) running ;;
            *) exit 3 ;;
            esac
            """;

    @TempDir
    static Path directory;

    private static Path script() {
        try {
            var file = Files.writeString(directory.resolve("daemon"), DAEMON);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected ResourceType type() {
        return new ScriptType();
    }

    @Override
    protected Map<String, List<String>> properties() {
        return Map.of("scriptFilePath", List.of(script().toString()));
    }

    @Override
    protected Optional<Map<String, List<String>>> failingProperties() {
        return Optional.of(Map.of("scriptFilePath", List.of("/no/such/script")));
    }
}
