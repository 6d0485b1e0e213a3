package dev.mainstay.cli;

import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// The mark that a resource monitor gives to the commands its entry points wait for.
///
/// A change asked for from there could wait for ever: the cluster waits for the entry point, and the entry point
/// for the change. What such a command leaves running inherits the mark, but is waited for by nobody once the
/// command itself has ended.
///
/// @param call the entry point, such as `offline`
/// @param resource its resource
record EntryPointMark(String call, String resource) {
    /// Holds the entry point and the resource, such as `offline web`.
    static final String NAME = "MAINSTAY_ENTRY_POINT";

    /// Holds pid and start time of the command that the entry point waits for.
    static final String RUN_NAME = "MAINSTAY_ENTRY_POINT_RUN";

    /// Where field 22 of `/proc/PID/stat`, the start time, stands behind the name in parentheses.
    private static final int START_FIELD = 19;

    /// Where field 20, the number of threads, stands.
    private static final int THREADS_FIELD = 17;

    /// The action of a command that changes the cluster: refused within an entry point, unless it is a dry run.
    static Verb.Action outside(String words, Verb.Action action) {
        return call -> {
            if (!call.has("dry-run")) {
                of(System.getenv()).ifPresent(mark -> {
                    throw mark.refusal(words);
                });
            }
            return action.run(call);
        };
    }

    /// The mark in an environment, if somebody still waits.
    static Optional<EntryPointMark> of(Map<String, String> environment) {
        var mark = environment.getOrDefault(NAME, "").split(" ", 2);
        return mark[0].isEmpty() || !waitedFor(environment.getOrDefault(RUN_NAME, ""))
                ? Optional.empty()
                : Optional.of(new EntryPointMark(mark[0], mark.length > 1 ? mark[1] : ""));
    }

    private static boolean waitedFor(String run) {
        var parts = run.split(" ", 2);
        if (parts.length < 2 || !parts[0].matches("[0-9]{1,9}")) {
            return true;
        }
        try {
            var stat = Files.readString(Path.of("/proc", parts[0], "stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            // a process lives while any thread of it does, whatever the letter of the first one
            boolean lives = !fields[0].equals("Z") || Integer.parseInt(fields[THREADS_FIELD]) > 1;
            return lives && fields[START_FIELD].equals(parts[1]);
        } catch (IOException ended) {
            return false;
        }
    }

    ClusterException refusal(String words) {
        return new ClusterException(
                ErrorCode.INSIDE_ENTRY_POINT,
                "'mainstay %s': it is called from entry point '%s' of resource '%s', for which the cluster waits: the two could wait for each other for ever."
                        .formatted(words, call, resource),
                "Change the cluster from a shell, a timer or a program that the resource leaves running. What only"
                        + " shows or tries (--dry-run) may be asked anywhere.");
    }
}
