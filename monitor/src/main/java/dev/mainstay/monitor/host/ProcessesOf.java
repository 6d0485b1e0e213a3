package dev.mainstay.monitor.host;

import dev.mainstay.spi.Processes;
import java.nio.file.Path;
import java.util.function.Consumer;

/// Gives a resource its processes.
@FunctionalInterface
public interface ProcessesOf {
    /// The processes of `resource`, whose files are in `directory`.
    ///
    /// @param logTrouble is given what became of the log of a program that runs; an empty text when all is
    ///     well again
    Processes of(String resource, Path directory, Consumer<String> logTrouble);
}
