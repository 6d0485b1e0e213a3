package dev.mainstay.monitor.process;

import dev.mainstay.spi.ProcessIdentity;
import dev.mainstay.spi.Processes;
import java.nio.file.Path;

/// Stand-in until supervision of processes is merged.
public final class ProcessSupervisor implements AutoCloseable {
    public ProcessSupervisor(String scope) {}

    public Processes of(String resource, Path directory) {
        throw new UnsupportedOperationException("processes of '%s' in %s".formatted(resource, directory));
    }

    public static ProcessIdentity self() {
        return new ProcessIdentity(ProcessHandle.current().pid(), 0, "");
    }

    @Override
    public void close() {}
}
