package dev.mainstay.monitor.evidence;

import dev.mainstay.monitor.process.ProcessSupervisor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/// The processes of a resource and their output, as the supervisor of processes finds them.
///
/// @param folders the folder of each resource
public record ResourceSurroundings(ProcessSupervisor supervisor, Function<String, Path> folders)
        implements Surroundings {
    @Override
    public List<String> processes(String resource) {
        return supervisor.picture(resource, folders.apply(resource)).processes();
    }

    @Override
    public List<String> output(String resource) throws IOException {
        return supervisor.picture(resource, folders.apply(resource)).output();
    }
}
