package dev.mainstay.service.monitors;

import dev.mainstay.linux.GivenLocale;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a node does when a process cannot be killed: a command of the operator, such as one that triggers the
/// watchdog or restarts the machine, is run with the reason as its last argument.
///
/// @param command its words; none: nothing is run, which is said where the trouble is shown
public record LastResort(List<String> command) {
    /// Nothing is run.
    public static final LastResort NONE = new LastResort(List.of());

    private static final Logger LOG = LoggerFactory.getLogger(LastResort.class);

    /// Copies the list.
    public LastResort {
        command = List.copyOf(command);
    }

    /// Runs it, and does not wait for it.
    ///
    /// @return what was done, in words
    public String run(String reason) {
        if (command.isEmpty()) {
            return "no last resort is set for this node (lastResort)";
        }
        var words = new ArrayList<>(command);
        words.add(reason);
        try {
            var builder =
                    new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
            GivenLocale.restore(builder.environment());
            var process = builder.start();
            LOG.error("last resort '{}' is run (pid {}): {}", String.join(" ", command), process.pid(), reason);
            return "the last resort '%s' was run".formatted(String.join(" ", command));
        } catch (IOException e) {
            LOG.error("run the last resort '{}': {}", String.join(" ", command), e.toString());
            return "the last resort '%s' cannot be run: %s".formatted(String.join(" ", command), e.getMessage());
        }
    }
}
