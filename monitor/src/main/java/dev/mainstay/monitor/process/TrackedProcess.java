package dev.mainstay.monitor.process;

import dev.mainstay.linux.Pidfd;
import dev.mainstay.linux.Signal;
import dev.mainstay.spi.AdoptionRecord;
import dev.mainstay.spi.ProcessIdentity;
import dev.mainstay.spi.Processes.Running;
import dev.mainstay.spi.ResourceFailure;
import java.util.List;

/// What a process that was started and one that was adopted have in common.
abstract sealed class TrackedProcess implements Running permits ChildProcess, AdoptedProcess {
    private final Tree tree;

    TrackedProcess(Tree tree) {
        this.tree = tree;
    }

    @Override
    public final ProcessIdentity identity() {
        return tree.roots().getFirst();
    }

    @Override
    public final AdoptionRecord adoption() {
        var group = tree.groups().stream()
                .findFirst()
                .map(one -> one.path().toString())
                .orElse("");
        return new AdoptionRecord(List.of(identity()), group, "");
    }

    @Override
    public final void signal(String name) throws ResourceFailure {
        var signal = Signal.named(name)
                .orElseThrow(() -> new ResourceFailure(
                        "sending signal '%s' to '%s': there is no such signal. Use TERM, INT, QUIT, HUP, USR1, USR2 or KILL"
                                .formatted(name, tree.resource())));
        var process = Pidfd.open(identity().pid(), identity().startTicks());
        if (process.isEmpty()) {
            return;
        }
        try (var handle = process.get()) {
            handle.send(signal);
        } catch (IllegalStateException refused) {
            throw new ResourceFailure(
                    "sending signal %s to process %d of '%s': %s. Check which user the monitor runs as"
                            .formatted(name, identity().pid(), tree.resource(), refused.getMessage()),
                    refused);
        }
    }

    @Override
    public final void kill() throws ResourceFailure {
        tree.kill();
    }
}
