package dev.mainstay.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A script that asks its own cluster for changes: without a refusal the two would wait for each other.
class EntryPointIT {
    /// Offline asks for what it is part of; what online leaves running asks once it is told to.
    private static final String SCRIPT = """
            #!/bin/sh
            cd "$(dirname "$0")" || exit 1
            ask() { @mainstay@ "$@" --socket "$(cat socket)"; }
            case $1 in
            online)
                (until [ -e go ]; do sleep 0.1; done; ask group offline other >later 2>&1; echo "exit $?" >>later) &
                ;;
            offline)
                { ask group offline own; echo "change $?"; ask group list; echo "look $?"
                  ask group offline own --dry-run; echo "try $?"; } >answer 2>&1
                ;;
            looksalive | isalive) exit 0 ;;
            *) exit 3 ;;
            esac
            """;

    private final Product product = new Product();

    @AfterEach
    void close() throws IOException {
        product.close();
    }

    @Test
    void refusesAChangeThatAnEntryPointWaitsForAndNoOther() throws Exception {
        var script = product.write(
                "asks.sh",
                SCRIPT.replace(
                        "@mainstay@", SourceTree.root().resolve("mainstay").toString()));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        var manifest = product.write("asks.yaml", """
                groups:
                  own:
                    resources:
                      asks:
                        type: script
                        properties: {scriptFilePath: "${manifest.directory}/asks.sh"}
                  other:
                    resources:
                      sleeper:
                        type: process
                        properties: {command: [/bin/sleep, "100002"]}
                """);
        var front = Front.start(product, manifest.toString());
        front.await("n1", "asks", "online");
        front.await("n1", "sleeper", "online");
        var socket = front.socket("n1").toString();
        product.write("socket", socket);

        product.write("go", "");
        var later = product.folder().resolve("later");
        front.until("what online left running was answered", () -> read(later).contains("exit"));
        assertThat(read(later)).contains("exit 0");
        front.await("n1", "sleeper", "offline");

        var offline = product.run("group", "offline", "own", "--socket", socket);
        assertThat(offline.exitCode()).as(offline.errors()).isZero();
        assertThat(read(product.folder().resolve("answer")))
                .contains("MST2130", "entry point 'offline' of resource 'asks'", "change 3", "look 0", "try 0");
        front.await("n1", "asks", "offline");
        assertThat(front.interrupt()).isZero();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException notYet) {
            return "";
        }
    }
}
