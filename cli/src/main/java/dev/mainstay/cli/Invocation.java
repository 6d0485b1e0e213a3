package dev.mainstay.cli;

import dev.mainstay.api.Client;
import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ErrorCode;
import dev.mainstay.api.Terms;
import dev.mainstay.cli.screen.Terminal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;

/// One command as it was written: its operands, its options, and where it writes.
///
/// @param names the operands, in order
public record Invocation(Terminal terminal, List<String> names, CommandLine line) {
    /// Long enough for an orderly start of a database, short enough to wait for; the user can change it.
    private static final Duration WAIT_DEFAULT = Duration.ofSeconds(60);

    private static final Duration WAIT_MAX = Duration.ofHours(1);

    /// The value of an option, if it was given.
    public Optional<String> value(String option) {
        return Optional.ofNullable(line.getOptionValue(option));
    }

    /// The values of an option that may be repeated.
    public List<String> values(String option) {
        var values = line.getOptionValues(option);
        return values == null ? List.of() : List.of(values);
    }

    /// Whether an option was given.
    public boolean has(String option) {
        return line.hasOption(option);
    }

    /// The value of an option as a number between two bounds.
    public int number(String option, int otherwise, int least, int most) {
        var text = value(option);
        if (text.isEmpty()) {
            return otherwise;
        }
        if (text.get().matches("[0-9]{1,9}")) {
            var number = Integer.parseInt(text.get());
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw new ClusterException(
                ErrorCode.BAD_INPUT,
                "--" + option + " '" + text.get() + "': it takes a whole number from " + least + " to " + most + ".",
                "");
    }

    /// The first operand.
    String name() {
        return names.getFirst();
    }

    boolean json() {
        var format = value("output").orElse("table");
        if (!format.equals("table") && !format.equals("json")) {
            throw new ClusterException(
                    ErrorCode.BAD_INPUT, "--output '" + format + "': there is no such format.", "Use table or json.");
        }
        return format.equals("json");
    }

    Terms terms() {
        var limit = value("wait").map(text -> Durations.parse("wait", text)).orElse(WAIT_DEFAULT);
        if (limit.compareTo(WAIT_MAX) > 0) {
            throw new ClusterException(
                    ErrorCode.BAD_INPUT,
                    "--wait '" + value("wait").orElse("") + "': the longest wait is 1h.",
                    "Use --wait 0 and look with:  mainstay status");
        }
        return new Terms(limit, has("dry-run"), has("ignore-lock"));
    }

    Client client() {
        return Client.at(socket());
    }

    /// Whether it is said which service is meant, so that no other will do.
    boolean namesService() {
        return has("socket")
                || has("node")
                || !terminal.environment().getOrDefault("MAINSTAY_SOCKET", "").isEmpty();
    }

    private Path socket() {
        return new Sockets(terminal.environment()).find(value("socket"), value("node"));
    }
}
