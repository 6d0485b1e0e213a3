package dev.mainstay.service.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    private Path dir = Path.of("/");

    @Test
    void letsNoSecondServiceIn() throws Exception {
        try (var first = DataDirectory.open(dir)) {
            assertThat(first.path()).isEqualTo(dir);
            assertThatThrownBy(() -> DataDirectory.open(dir))
                    .isInstanceOf(DataDirectory.InUse.class)
                    .hasMessageContaining("the cluster service with pid %d uses it"
                            .formatted(ProcessHandle.current().pid()));
        }
    }
}
