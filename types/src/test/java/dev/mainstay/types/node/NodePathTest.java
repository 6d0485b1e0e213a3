package dev.mainstay.types.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.spi.LastingFailure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodePathTest {
    @TempDir
    Path folder;

    @Test
    void takesTheLongestNameThatFileSystemsTake() throws Exception {
        var text = "/srv/" + "x".repeat(255);

        assertThat(NodePath.full("web", "log", text)).isEqualTo(Path.of(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "é"})
    void refusesANameOfMoreBytesThanFileSystemsTake(String letter) {
        var text = "/srv/" + letter.repeat(256) + "/log";

        assertThatThrownBy(() -> NodePath.full("web", "log", text))
                .isInstanceOf(LastingFailure.class)
                .hasMessageContaining("in log is %d bytes long, and file systems take 255"
                        .formatted(256 * letter.getBytes(StandardCharsets.UTF_8).length));
    }

    @Test
    void refusesAPathThatIsLongerThanTheKernelTakes() {
        assertThatThrownBy(() -> NodePath.full("web", "log", "/abcdefg".repeat(512)))
                .isInstanceOf(LastingFailure.class)
                .hasMessageContaining("is 4096 bytes long, and the kernel takes 4095");
    }

    @Test
    void refusesAPathThatDependsOnWhereTheMonitorRuns() {
        assertThatThrownBy(() -> NodePath.full("web", "log", "logs/web.log"))
                .isInstanceOf(LastingFailure.class)
                .hasMessageContaining("'logs/web.log' is not a full path");
    }

    @Test
    void findsTheOnePathBehindALinkWhoseFileIsNotThere() throws Exception {
        var real = folder.toRealPath();
        Files.createSymbolicLink(real.resolve("app"), Path.of("data/app"));
        Files.createSymbolicLink(real.resolve("ring"), Path.of("ring"));

        assertThat(NodePath.real(real.resolve("app/bin/../bin/web"))).isEqualTo(real.resolve("data/app/bin/web"));
        assertThat(NodePath.real(real.resolve("ring/web"))).isEqualTo(real.resolve("ring/web"));
    }
}
