package dev.mainstay.monitor.host;

import dev.mainstay.monitor.record.CallMarks;
import dev.mainstay.monitor.record.Records;
import dev.mainstay.spi.Processes;
import java.nio.file.Path;
import java.util.function.Consumer;

/// What all resources of one host share.
///
/// @param monitor the name of this monitor on its node
/// @param debugged whether a debugger may stop its threads: then calls and operations have no limits
/// @param tellAll tells the service everything once more
/// @param directory the folder that holds a folder for each resource of the node
record Hosting(
        String monitor,
        Time time,
        boolean debugged,
        Deadline deadline,
        Measures measures,
        Records records,
        CallMarks marks,
        Voice voice,
        Path directory,
        ProcessesOf processes,
        Questions questions,
        ControlsUnderWay controls,
        Runnable tellAll) {
    /// The processes of one resource.
    Processes processesOf(String resource) {
        return processesOf(resource, _ -> {});
    }

    /// The processes of one resource.
    ///
    /// @param logTrouble is given what became of the log of a program that runs
    Processes processesOf(String resource, Consumer<String> logTrouble) {
        return processes.of(resource, directory.resolve(resource), logTrouble);
    }
}
