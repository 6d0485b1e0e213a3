package dev.mainstay.service.monitors;

import dev.mainstay.protocol.ToService.Hello.ProcessRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Tells whether a process is still the very one that was meant, not another with the same pid.
///
/// **Threads:** any.
final class RunningProcess {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    /// Position of the start time among the fields that follow the command's name, see proc_pid_stat(5).
    private static final int START_TICKS_FIELD = 19;

    private RunningProcess() {}

    /// The identity of the process that has this pid now.
    static Optional<ProcessRef> of(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            var state = fields[0];
            if (state.equals("Z") || state.equals("X")) {
                return Optional.empty();
            }
            var bootId = Files.readString(BOOT_ID).strip();
            return Optional.of(new ProcessRef(pid, Long.parseLong(fields[START_TICKS_FIELD]), bootId));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /// Whether this very process runs.
    static boolean runs(ProcessRef process) {
        return of(process.pid()).filter(process::equals).isPresent();
    }

    /// Ends this very process at once, if it still runs.
    static void kill(ProcessRef process) {
        ProcessHandle.of(process.pid()).filter(_ -> runs(process)).ifPresent(ProcessHandle::destroyForcibly);
    }
}
