package dev.mainstay.monitor.process;

import dev.mainstay.linux.Child;
import dev.mainstay.linux.NewProcess;
import dev.mainstay.linux.OpenFile;
import dev.mainstay.linux.Pidfd;
import dev.mainstay.linux.ProcessTable;
import dev.mainstay.linux.Signal;
import dev.mainstay.spi.ProcessIdentity;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// A launch on its way, from the birth of the process until it has become its program or was given up.
///
/// **Threads:** one starts it; another may give it up.
final class Beginning {
    private final Launch launch;
    private final NewProcess.Plan plan;
    private final Optional<LaunchRecords> records;
    // Guarded by this.
    private Optional<ProcessIdentity> identity = Optional.empty();
    private boolean abandoned;

    Beginning(
            Launch launch,
            String program,
            List<String> words,
            OpenFile input,
            OpenFile output,
            Optional<LaunchRecords> records) {
        this.launch = launch;
        this.plan = launch.plan(program, words, input, output);
        this.records = records;
    }

    /// Makes the process, writes it down, and lets it become its program.
    Child start() throws IOException {
        try (var process = NewProcess.begin(plan)) {
            var stat = ProcessTable.text(process.pid(), "stat").orElse("");
            var entry = ProcessTable.parse(stat)
                    .orElseThrow(
                            () -> new IOException("process %d was ended before it began".formatted(process.pid())));
            note(new ProcessIdentity(entry.pid(), entry.startTicks(), ProcessTable.bootId()));
            Kinship.give(entry.pid(), launch);
            if (records.isPresent()) {
                var group = launch.group().map(one -> one.path().toString()).orElse("");
                records.get().add(group, launch.log(), stat);
            }
            var more = launch.call()
                    .map(call -> List.of(
                            Launch.ENTRY_POINT_MARK + "=" + call,
                            Launch.ENTRY_POINT_RUN_MARK + "=" + entry.pid() + " " + entry.startTicks()))
                    .orElse(List.of());
            var child = process.release(more);
            return kept(child);
        }
    }

    private synchronized void note(ProcessIdentity who) throws IOException {
        if (abandoned) {
            throw new IOException("it was given up");
        }
        identity = Optional.of(who);
    }

    private synchronized Child kept(Child child) throws IOException {
        if (abandoned) {
            child.end();
            throw new IOException("it was given up");
        }
        return child;
    }

    /// Who was started.
    synchronized ProcessIdentity identity() {
        return identity.orElseThrow();
    }

    /// Gives it up: it never becomes its program, or is killed at once.
    synchronized void abandon() {
        abandoned = true;
        identity.flatMap(who -> Pidfd.open(who.pid(), who.startTicks())).ifPresent(handle -> {
            try (handle) {
                handle.send(Signal.KILL);
            }
        });
    }
}
