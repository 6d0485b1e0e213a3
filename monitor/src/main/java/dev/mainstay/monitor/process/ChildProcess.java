package dev.mainstay.monitor.process;

import dev.mainstay.linux.Signal;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/// A process that this monitor started; the JDK collects it and knows its exit code.
final class ChildProcess extends TrackedProcess {
    private static final System.Logger LOG = System.getLogger(ChildProcess.class.getName());
    private static final int TAIL_BYTES = 2048;
    private static final int TAIL_LINES = 5;
    /// An exit code above this means "ended by signal code - 128".
    private static final int SIGNALLED = 128;

    private static final int SIGNAL_MAX = 64;

    private final Process process;
    private final LogFile log;
    private final long logFrom;

    ChildProcess(Process process, Tree tree, LogFile log, long logFrom) {
        super(tree);
        this.process = process;
        this.log = log;
        this.logFrom = logFrom;
    }

    @Override
    public boolean alive() {
        return process.isAlive();
    }

    @Override
    public void onExit(Consumer<String> told) {
        var _ = process.onExit()
                .thenAccept(ended -> told.accept(words(ended.exitValue()) + lastOutput()))
                .whenComplete((_, bug) -> {
                    if (bug != null) {
                        LOG.log(Level.ERROR, "telling of the end of process " + process.pid() + " failed", bug);
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
