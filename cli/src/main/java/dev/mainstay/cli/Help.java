package dev.mainstay.cli;

import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Properties;

/// The help texts, made from the table of commands.
final class Help {
    /// Where summaries begin; a longer command has a line of its own.
    private static final int COLUMN = 35;

    private Help() {}

    static int run(Invocation call) {
        call.terminal().line(about(call.names()));
        return 0;
    }

    static int version(Invocation call) {
        call.terminal().line(versionLine());
        return 0;
    }

    static String versionLine() {
        try (var stream = Objects.requireNonNull(Help.class.getResourceAsStream("version.properties"))) {
            var properties = new Properties();
            properties.load(stream);
            return "mainstay " + properties.getProperty("version");
        } catch (IOException damaged) {
            throw new UncheckedIOException(damaged);
        }
    }

    private static String about(List<String> words) {
        if (words.isEmpty()) {
            return all();
        }
        var name = String.join(" ", words);
        return Verbs.ALL.stream()
                .filter(verb -> verb.words().equals(name))
                .findFirst()
                .map(Help::of)
                .orElseGet(() -> of(words.getFirst()));
    }

    /// All commands.
    static String all() {
        return """
                Mainstay keeps services running on a few Linux machines.

                Usage: mainstay COMMAND [options]

                """ + list(Verbs.ALL) + """

                  service                             the cluster service itself:  mainstay service --help

                Each command explains itself:  mainstay COMMAND --help
                Exit codes: 0 done, 1 a bug, 2 wrong input, 3 refused or failed, 4 not in time,
                            5 service or leader not available, 6 outcome unknown""";
    }

    /// The commands that begin with this word.
    static String of(String noun) {
        var verbs = Verbs.of(noun);
        if (noun.equals("service")) {
            return "The cluster service explains itself:  mainstay service --help";
        }
        if (verbs.isEmpty()) {
            throw new ClusterException(
                    ErrorCode.BAD_INPUT,
                    "'mainstay " + noun + "': there is no such command."
                            + Nearest.to(noun, Verbs.nouns())
                                    .map(near -> " Did you mean '" + near + "'?")
                                    .orElse(""),
                    "See them all with:  mainstay help");
        }
        return "Usage: mainstay " + noun + " COMMAND [options]\n\n"
                + list(verbs).stripTrailing();
    }

    /// One command.
    static String of(Verb verb) {
        var text = new StringBuilder("Usage: " + verb.usage() + "\n\n  " + verb.summary() + "\n\nOptions:\n");
        for (var choice : verb.allChoices()) {
            text.append("  %-26s %s%n".formatted(choice.shown(), choice.help()));
        }
        if (!verb.examples().isEmpty()) {
            text.append("\nExamples:\n");
            verb.examples().forEach(example -> text.append("  ").append(example).append('\n'));
        }
        return text.toString().stripTrailing();
    }

    private static String list(List<Verb> verbs) {
        var text = new StringBuilder();
        for (var verb : verbs) {
            var written = (verb.words() + " " + verb.operands()).strip();
            text.append(
                    written.length() > COLUMN
                            ? "  %s%n  %s %s%n".formatted(written, " ".repeat(COLUMN), verb.summary())
                            : "  %-35s %s%n".formatted(written, verb.summary()));
        }
        return text.toString();
    }
}
