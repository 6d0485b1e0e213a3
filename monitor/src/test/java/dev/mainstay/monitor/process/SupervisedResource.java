package dev.mainstay.monitor.process;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A test of one resource, `r`, whose processes are really started; what is left of them is ended after each test.
abstract class SupervisedResource {
    @TempDir
    Path directory;

    ProcessSupervisor supervisor = new ProcessSupervisor("unused");

    @BeforeEach
    void startSupervisor() {
        supervisor = new ProcessSupervisor(
                "test-%d/%s".formatted(ProcessHandle.current().pid(), directory.getFileName()));
    }

    @AfterEach
    void endWhatIsLeft() throws Exception {
        supervisor.of("r", directory).endAll();
        supervisor.close();
    }
}
