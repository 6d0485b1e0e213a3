package dev.mainstay.spi;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Starts, adopts and ends the processes of one resource.
///
/// What is started here outlives the monitor: it has a session of its own, writes its output to files and
/// carries a mark by which its whole tree is found again, with or without control groups.
///
/// **Threads:** any thread.
public interface Processes {
    /// Starts a long-running process.
    ///
    /// **Errors:** [ResourceFailure] when the program, the user or the working directory is missing, with
    /// what to do.
    Running start(Command command) throws ResourceFailure;

    /// Finds the process again, if it is still the very same one.
    Optional<Running> adopt(AdoptionRecord adoption);

    /// Runs a short command to its end and kills its tree at the time limit.
    ///
    /// **Time:** at most `limit`; [Finished#timedOut] says that it was reached.
    Finished run(Command command, Duration limit) throws ResourceFailure, InterruptedException;

    /// Ends whatever of this resource still runs on this node: the trees of all its processes, also of those
    /// that no record names. Returns when nothing is left.
    ///
    /// **Errors:** [ResourceFailure] names the processes that cannot be killed (state D, for example).
    void endAll() throws ResourceFailure;

    /// Ends what a stop command that is not ours left running, for its word is no proof, and tells what that
    /// was.
    ///
    /// What is just ending may finish; then each is asked by SIGTERM, and killed when it has not ended within
    /// the grace.
    ///
    /// @param shared names of programs, as `/proc/PID/comm` shows them, that others use as well: they and what
    ///     descends from them go on
    /// @param grace how long each may take; zero kills at once
    /// @return each process that did not end by itself, in words; empty when nothing was left
    /// **Errors:** as [#endAll].
    List<String> endLeftovers(Set<String> shared, Duration grace) throws ResourceFailure;

    /// What to start.
    ///
    /// @param line program and arguments; nothing is interpreted by a shell
    /// @param environment added to a small clean environment (PATH, LANG, HOME, USER)
    /// @param user the user to run as, or empty for the monitor's own
    /// @param workingDirectory where to run
    /// @param log file that receives standard output and standard error, with that of earlier commands; run()
    ///     also
    ///     returns its tail
    /// @param logLimits how much of the log is kept
    record Command(
            List<String> line,
            Map<String, String> environment,
            String user,
            Path workingDirectory,
            Path log,
            LogLimits logLimits) {
        /// Copies the collections.
        public Command {
            line = List.copyOf(line);
            environment = Map.copyOf(environment);
        }

        /// A command with the standard limits of its log.
        public Command(
                List<String> line, Map<String, String> environment, String user, Path workingDirectory, Path log) {
            this(line, environment, user, workingDirectory, log, LogLimits.STANDARD);
        }
    }

    /// How much of a log is kept on disk: about `bytes` times `files`.
    ///
    /// @param bytes size at which the log is moved to `NAME.1` and begun anew
    /// @param files how many files there are at most, the current one included; at least 1
    record LogLimits(long bytes, int files) {
        /// Three files of 10 MiB.
        public static final LogLimits STANDARD = new LogLimits(10L << 20, 3);
    }

    /// A process that is watched.
    interface Running {
        /// Who it is.
        ProcessIdentity identity();

        /// The record to hand to [Operation#adoptable].
        AdoptionRecord adoption();

        /// Whether the very process still runs.
        boolean alive();

        /// Calls `told` with words such as "ended with exit code 1" or "ended by signal 9", once, within
        /// milliseconds of the end; at once when it has ended already. An adopted process has no exit code to
        /// tell.
        void onExit(java.util.function.Consumer<String> told);

        /// Sends a signal to the main process by its name without SIG, such as `TERM`.
        void signal(String name) throws ResourceFailure;

        /// Kills the whole tree and returns when it is gone.
        void kill() throws ResourceFailure;
    }

    /// How a short command ended.
    ///
    /// @param exitCode its exit code, 128 + n when ended by signal n
    /// @param timedOut whether it was killed at its time limit
    /// @param output the last 64 KiB of standard output and standard error
    record Finished(int exitCode, boolean timedOut, String output) {}
}
