package dev.mainstay.service.monitors;

import dev.mainstay.linux.Pidfd;
import dev.mainstay.linux.ProcessTable;
import dev.mainstay.linux.Signal;
import dev.mainstay.protocol.ToService.Hello.ProcessRef;
import java.util.Optional;

/// Tells whether a process is still the very one that was meant, not another with the same pid.
///
/// **Threads:** any.
final class RunningProcess {
    private RunningProcess() {}

    /// The identity of the process that has this pid now.
    static Optional<ProcessRef> of(long pid) {
        return ProcessTable.read(pid)
                .filter(ProcessTable.Entry::alive)
                .map(entry -> new ProcessRef(entry.pid(), entry.startTicks(), ProcessTable.bootId()));
    }

    /// Whether it was started since this machine started.
    static boolean thisBoot(ProcessRef process) {
        return process.bootId().equals(ProcessTable.bootId());
    }

    /// Whether this very process runs.
    static boolean runs(ProcessRef process) {
        return thisBoot(process) && ProcessTable.alive(process.pid(), process.startTicks());
    }

    /// Ends this very process at once, if it still runs.
    static void kill(ProcessRef process) {
        if (!runs(process)) {
            return;
        }
        Pidfd.open(process.pid(), process.startTicks()).ifPresent(handle -> {
            try (handle) {
                handle.send(Signal.KILL);
            }
        });
    }
}
