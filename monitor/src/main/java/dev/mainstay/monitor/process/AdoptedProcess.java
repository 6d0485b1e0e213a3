package dev.mainstay.monitor.process;

import dev.mainstay.linux.ExitWatch;
import dev.mainstay.linux.ProcessTable;
import java.util.function.Consumer;

/// A process that an earlier monitor started; nobody here can collect its exit code.
final class AdoptedProcess extends TrackedProcess {
    private final ExitWatch watch;

    AdoptedProcess(Tree tree, ExitWatch watch) {
        super(tree);
        this.watch = watch;
    }

    @Override
    public boolean alive() {
        return ProcessTable.alive(identity().pid(), identity().startTicks());
    }

    @Override
    public void onExit(Consumer<String> told) {
        watch.watch(
                identity().pid(),
                identity().startTicks(),
                () -> told.accept("ended; its exit code went to the monitor that started it"));
    }
}
