package dev.mainstay.monitor.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.fixtures.PrivateDocker;
import dev.mainstay.fixtures.PrivateEngine;
import dev.mainstay.spi.Health;
import dev.mainstay.spi.Reason;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The life of a `container` resource over a real docker.
class ContainerOnDockerIT extends ContainerLife {
    @TempDir
    static Path store;

    private static PrivateDocker engine;

    @BeforeAll
    static void startEngine() throws Exception {
        engine = PrivateDocker.start(store);
    }

    @AfterAll
    static void endEngine() {
        engine.close();
    }

    @Override
    PrivateEngine engine() {
        return engine;
    }

    @Test
    void aDaemonThatDiesIsNoFailureOfWhatItRan(@TempDir Path another) throws Exception {
        try (var docker = PrivateDocker.start(another)) {
            var desk = desk(Map.of("command", SLEEP, "environment", docker.environment(), "engine", docker.program()));
            var operation = desk.new Now();
            var entries = desk.type().open(desk);
            entries.online(operation);
            assertThat(operation.failure).isEmpty();
            docker.kill();

            assertThat(entries.isAlive()).isEqualTo(Health.alive());
            assertThat(desk.raised).isNotDone();
            var pid = operation.adoption.orElseThrow().processes().getFirst().pid();
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            assertThat(desk.raised.get(10, TimeUnit.SECONDS))
                    .contains("process %d of container mainstay-r".formatted(pid));
            assertThatThrownBy(() -> entries.terminate(Reason.FAILURE))
                    .as("nobody knows what the engine starts when it is back")
                    .hasMessageContaining("Cannot connect to the Docker daemon");
        }
    }
}
