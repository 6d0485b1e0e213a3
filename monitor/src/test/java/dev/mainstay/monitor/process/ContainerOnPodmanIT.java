package dev.mainstay.monitor.process;

import dev.mainstay.fixtures.PrivateEngine;
import dev.mainstay.fixtures.PrivatePodman;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// The life of a `container` resource over a real podman.
class ContainerOnPodmanIT extends ContainerLife {
    @TempDir
    static Path store;

    private static PrivatePodman engine;

    @BeforeAll
    static void startEngine() throws Exception {
        engine = PrivatePodman.start(store);
    }

    @AfterAll
    static void endEngine() {
        engine.close();
    }

    @Override
    PrivateEngine engine() {
        return engine;
    }
}
