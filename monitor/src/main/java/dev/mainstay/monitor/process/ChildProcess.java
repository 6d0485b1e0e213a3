package dev.mainstay.monitor.process;

import dev.mainstay.linux.Child;
import dev.mainstay.linux.Signal;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// A process that this monitor started, and whose exit code it therefore learns.
final class ChildProcess extends TrackedProcess {
    private static final System.Logger LOG = System.getLogger(ChildProcess.class.getName());
    private static final int TAIL_BYTES = 2048;
    private static final int TAIL_LINES = 5;
    /// An exit code above this means "ended by signal code - 128".
    private static final int SIGNALLED = 128;

    private static final int SIGNAL_MAX = 64;

    private final Child child;
    private final CompletableFuture<Integer> exit;
    private final LogFile log;
    private final long logFrom;

    ChildProcess(Launch.Started started, Tree tree, LogFile log) {
        super(tree);
        this.child = started.child();
        this.exit = started.exit();
        this.log = log;
        this.logFrom = started.logFrom();
    }

    @Override
    public boolean alive() {
        return !exit.isDone();
    }

    /// The log may be on a silent file server, so the words are found on a thread of their own.
    @Override
    public void onExit(Consumer<String> told) {
        var _ = exit.thenAcceptAsync(
                        code -> told.accept(words(code) + lastOutput()),
                        task -> Thread.ofPlatform()
                                .daemon()
                                .name("end-of-process")
                                .start(task))
                .whenComplete((_, bug) -> {
                    if (bug != null) {
                        LOG.log(Level.ERROR, "telling of the end of process " + child.pid() + " failed", bug);
                    }
                });
    }

    static String words(int exitCode) {
        return exitCode > SIGNALLED && exitCode <= SIGNALLED + SIGNAL_MAX
                ? "ended by signal " + Signal.words(exitCode - SIGNALLED)
                : "ended with exit code " + exitCode;
    }

    private String lastOutput() {
        var lines = log.tail(logFrom, TAIL_BYTES)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
        if (lines.isEmpty()) {
            return "";
        }
        return "; its last output: "
                + String.join(" | ", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    }
}
