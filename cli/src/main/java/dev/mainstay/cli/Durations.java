package dev.mainstay.cli;

import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ErrorCode;
import java.time.Duration;
import java.util.regex.Pattern;

/// Durations as they are written on the command line and in manifests: `500ms`, `30s`, `5min`, `1h`.
final class Durations {
    private static final Pattern SHAPE = Pattern.compile("([0-9]{1,9})(ms|s|min|m|h)");

    private Durations() {}

    /// `text` as a duration; a plain 0 needs no unit.
    static Duration parse(String option, String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        var match = SHAPE.matcher(text);
        if (!match.matches()) {
            throw new ClusterException(
                    ErrorCode.BAD_INPUT,
                    "--" + option + " '" + text + "': a duration is a whole number with a unit.",
                    "Write it like 500ms, 30s, 5min or 1h; 0 needs no unit.");
        }
        var count = Long.parseLong(match.group(1));
        return switch (match.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofMinutes(count);
        };
    }
}
