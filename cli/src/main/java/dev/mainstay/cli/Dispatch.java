package dev.mainstay.cli;

import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ErrorCode;
import dev.mainstay.cli.screen.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.AmbiguousOptionException;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;

/// Finds the command that words mean, and reads its options.
///
/// The words of a command may stand after options (`mainstay -o json group list`): options are looked for
/// everywhere.
final class Dispatch {
    private final Terminal terminal;

    Dispatch(Terminal terminal) {
        this.terminal = terminal;
    }

    /// Runs the command; its value is the exit code.
    int run(List<String> words) {
        if (words.isEmpty()) {
            terminal.line(Help.all());
            return 0;
        }
        var split = Words.of(words);
        if (split.names().isEmpty()) {
            return withoutCommand(split);
        }
        var verb = find(split);
        if (split.asksForHelp()) {
            terminal.line(
                    verb.map(Help::of).orElseGet(() -> Help.of(split.names().getFirst())));
            return 0;
        }
        var found = verb.orElseThrow(() -> unknown(split));
        return found.action().run(read(found, split.without(found)));
    }

    private int withoutCommand(Words split) {
        if (split.asksForHelp() || split.options().isEmpty()) {
            terminal.line(Help.all());
            return 0;
        }
        if (split.options().equals(List.of("--version"))) {
            terminal.line(Help.versionLine());
            return 0;
        }
        throw new ClusterException(
                ErrorCode.BAD_INPUT,
                "'mainstay " + String.join(" ", split.options()) + "': there is no command in it.",
                "See them all with:  mainstay help");
    }

    private static Optional<Verb> find(Words split) {
        var names = split.names();
        return Verbs.of(names.getFirst()).stream()
                .filter(verb -> verb.words().equals(verb.noun())
                        || (names.size() > 1 && verb.words().equals(verb.noun() + " " + names.get(1))))
                .findFirst();
    }

    private static ClusterException unknown(Words split) {
        var noun = split.names().getFirst();
        var verbs = Verbs.of(noun);
        if (verbs.isEmpty()) {
            return new ClusterException(
                    ErrorCode.BAD_INPUT,
                    "'mainstay " + noun + "': there is no such command." + meant(noun, Verbs.nouns(), ""),
                    "See them all with:  mainstay help");
        }
        var known = verbs.stream()
                .map(verb -> verb.words().substring(noun.length() + 1))
                .toList();
        var usage = "Usage: mainstay " + noun + " " + String.join("|", known) + "\nMore with:  mainstay " + noun
                + " --help";
        if (split.names().size() == 1) {
            return new ClusterException(
                    ErrorCode.BAD_INPUT, "'mainstay " + noun + "': it is not said what to do with it.", usage);
        }
        var word = split.names().get(1);
        return new ClusterException(
                ErrorCode.BAD_INPUT,
                "'mainstay " + noun + " " + word + "': there is no such command." + meant(word, known, ""),
                usage);
    }

    private Invocation read(Verb verb, List<String> words) {
        var options = new Options();
        verb.allChoices().forEach(choice -> options.addOption(choice.toOption()));
        CommandLine line;
        try {
            line = DefaultParser.builder()
                    .setAllowPartialMatching(false)
                    .get()
                    .parse(options, words.toArray(String[]::new));
        } catch (ParseException wrong) {
            throw new ClusterException(
                    ErrorCode.BAD_INPUT, "'mainstay " + verb.words() + "': " + explained(verb, wrong), usage(verb));
        }
        var names = List.copyOf(line.getArgList());
        if (names.size() < verb.names().fewest() || names.size() > verb.names().most()) {
            throw new ClusterException(
                    ErrorCode.BAD_INPUT, "'mainstay " + verb.words() + "': " + wrongCount(verb, names), usage(verb));
        }
        return new Invocation(terminal, names, line);
    }

    private static String explained(Verb verb, ParseException wrong) {
        return switch (wrong) {
            case AmbiguousOptionException ambiguous -> ambiguous.getMessage() + ".";
            case UnrecognizedOptionException unrecognized -> {
                var option = unrecognized.getOption().split("=", 2)[0];
                var known = verb.allChoices().stream()
                        .map(choice -> "--" + choice.name())
                        .toList();
                yield "there is no option '" + option + "'." + meant(option, known, "");
            }
            case MissingArgumentException missing ->
                "the value of '--" + missing.getOption().getLongOpt() + "' is missing.";
            default -> wrong.getMessage() + ".";
        };
    }

    private static String wrongCount(Verb verb, List<String> names) {
        if (names.size() < verb.names().fewest()) {
            return "it needs " + verb.operands() + ".";
        }
        return "it does not take '" + names.get(verb.names().most()) + "'.";
    }

    private static String usage(Verb verb) {
        return "Usage: " + verb.usage() + "\nMore with:  mainstay " + verb.words() + " --help";
    }

    private static String meant(String word, List<String> known, String otherwise) {
        return Nearest.to(word, known)
                .map(near -> " Did you mean '" + near + "'?")
                .orElse(otherwise);
    }

    /// The words of a command line, names and options apart.
    ///
    /// @param all as written
    /// @param names what is neither an option nor the value of one
    record Words(List<String> all, List<String> names, List<String> options) {
        static Words of(List<String> all) {
            List<String> names = new ArrayList<>();
            List<String> options = new ArrayList<>();
            for (var i = 0; i < all.size(); i++) {
                var word = all.get(i);
                if (word.equals("--")) {
                    names.addAll(all.subList(i + 1, all.size()));
                    break;
                }
                if (!word.startsWith("-") || word.equals("-")) {
                    names.add(word);
                    continue;
                }
                options.add(word);
                if (Choices.takesValue(word) && i + 1 < all.size()) {
                    i++;
                    options.add(all.get(i));
                }
            }
            return new Words(all, List.copyOf(names), List.copyOf(options));
        }

        boolean asksForHelp() {
            return options.contains("--help") || options.contains("-h");
        }

        boolean asksForJson() {
            var joined = " " + String.join(" ", options) + " ";
            return joined.matches(".* (-o ?|-o=|--output |--output=)json .*");
        }

        /// The words without those that name the command.
        List<String> without(Verb verb) {
            List<String> rest = new ArrayList<>(all);
            for (var word : verb.words().split(" ")) {
                rest.remove(word);
            }
            return rest;
        }
    }

    /// What is known about options before the command is.
    private static final class Choices {
        private static boolean takesValue(String word) {
            return Verbs.ALL.stream()
                    .flatMap(verb -> verb.choices().stream())
                    .anyMatch(choice -> choice.takesValue() && choice.isWritten(word));
        }
    }
}
