package dev.mainstay.types.ocf;

import dev.mainstay.spi.Processes.Finished;
import java.time.Duration;
import java.util.List;

/// How an action of an agent ended.
///
/// @param level the check level, for monitor
/// @param limit how long it might have taken
record Ended(String action, int level, Duration limit, Finished finished) {
    /// How agents mark the one line that says why they failed.
    static final String REASON_PREFIX = "ocf-exit-reason:";

    private static final int LINES_MAX = 5;
    private static final int CHARACTERS_MAX = 1_000;

    ExitCode code() {
        return finished.timedOut() ? ExitCode.OTHER : ExitCode.of(finished.exitCode());
    }

    boolean timedOut() {
        return finished.timedOut();
    }

    /// Whether it ended by itself and with this code.
    boolean says(ExitCode code) {
        return code() == code;
    }

    boolean succeeded() {
        return says(ExitCode.SUCCESS);
    }

    /// Whether a monitor action found the resource running well enough.
    boolean runs() {
        return succeeded() || says(ExitCode.DEGRADED) || says(ExitCode.PROMOTED) || says(ExitCode.PROMOTED_DEGRADED);
    }

    /// Whether the agent says by its exit code that this node or its parameters have to change first.
    boolean lasts() {
        return says(ExitCode.ARGUMENTS)
                || says(ExitCode.UNIMPLEMENTED)
                || says(ExitCode.PERMISSION)
                || says(ExitCode.INSTALLED)
                || says(ExitCode.CONFIGURED);
    }

    /// Whether a monitor action found it in the promoted role, in whatever health.
    boolean promoted() {
        return says(ExitCode.PROMOTED) || says(ExitCode.PROMOTED_FAILED) || says(ExitCode.PROMOTED_DEGRADED);
    }

    /// What happened and what the agent gave as its reason, without advice.
    String words() {
        var name = level > 0 ? "%s of level %d".formatted(action, level) : action;
        var end = finished.timedOut()
                ? "did not end within %d ms and was killed".formatted(limit.toMillis())
                : "ended with " + ExitCode.words(finished.exitCode());
        return "action '%s' %s%s".formatted(name, end, reason());
    }

    /// What can be done; a sentence without its full stop.
    String advice() {
        return finished.timedOut()
                ? "Look at the agent's output, or raise timeouts.%s"
                        .formatted(action.equals("validate-all") ? "start" : action)
                : code().advice();
    }

    private String reason() {
        var lines = finished.output().lines().filter(line -> !line.isBlank()).toList();
        var reasons = lines.stream()
                .filter(line -> line.startsWith(REASON_PREFIX))
                .map(line -> line.substring(REASON_PREFIX.length()).strip())
                .distinct()
                .toList();
        var chosen = reasons.isEmpty() ? last(lines) : last(reasons);
        var text = String.join(" | ", chosen);
        return text.isEmpty() ? "" : "; it says: " + text.substring(Math.max(0, text.length() - CHARACTERS_MAX));
    }

    private static List<String> last(List<String> lines) {
        return lines.subList(Math.max(0, lines.size() - LINES_MAX), lines.size());
    }
}
