package dev.mainstay.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The unit file of the cluster service.
class UnitFileIT {
    private static final Path UNIT = SourceTree.root().resolve("dist/systemd/mainstay.service");

    @TempDir
    private Path folder;

    @Test
    void systemdUnderstandsEveryLine() throws Exception {
        var unit = Files.readString(UNIT).replaceAll("/opt/mainstay/bin/mainstay", "/bin/true");
        var installation = new Installation(folder);
        installation.write("mainstay.service", unit);

        var ended = installation.runLine(
                folder,
                List.of(
                        "systemd-analyze",
                        "verify",
                        "--man=no",
                        folder.resolve("mainstay.service").toString()));

        assertThat(ended.errors()).doesNotContain("mainstay.service");
        assertThat(ended.exitCode()).isZero();
    }

    @Test
    void resourcesOutliveARestartOfTheService() throws Exception {
        assertThat(Files.readAllLines(UNIT))
                .contains(
                        "KillMode=process",
                        "RuntimeDirectoryPreserve=yes",
                        "Delegate=yes",
                        "Type=notify",
                        "OOMPolicy=continue");
    }

    @Test
    void theServiceListensWhereTheCommandLooks() throws Exception {
        var command = Files.readString(SourceTree.root().resolve("cli/src/main/java/dev/mainstay/cli/Sockets.java"));
        var socket = Pattern.compile("MACHINE = Path\\.of\\(\"([^\"]+)\"\\)").matcher(command);

        assertThat(socket.find()).isTrue();
        assertThat(Files.readString(UNIT)).contains("--socket " + socket.group(1) + "\n");
    }
}
