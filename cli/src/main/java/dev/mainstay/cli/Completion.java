package dev.mainstay.cli;

import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ErrorCode;
import java.util.Arrays;
import java.util.stream.Collectors;

/// `mainstay completion bash`: commands and options, made from the table of commands.
final class Completion {
    private Completion() {}

    static int run(Invocation call) {
        if (!call.name().equals("bash")) {
            throw new ClusterException(
                    ErrorCode.BAD_INPUT,
                    "cannot write a completion script for '" + call.name() + "': only bash is supported.",
                    "Usage: mainstay completion bash");
        }
        call.terminal().line(bash().stripTrailing());
        return 0;
    }

    static String bash() {
        return """
                _mainstay() {
                    local word=${COMP_WORDS[COMP_CWORD]} before="${COMP_WORDS[*]:1:COMP_CWORD-1}"
                    COMPREPLY=()
                    case "${COMP_WORDS[COMP_CWORD-1]}" in
                        -f|--file|--data|--socket|--plugins|--dir|run) COMPREPLY=($(compgen -f -- "$word")); return ;;
                        -o|--output) COMPREPLY=($(compgen -W "table json" -- "$word")); return ;;
                    esac
                    case "$before" in
                """
                + Verbs.ALL.stream().map(Completion::options).collect(Collectors.joining())
                + Verbs.nouns().stream()
                        .filter(noun -> Verbs.of(noun).size() > 1)
                        .map(Completion::verbs)
                        .collect(Collectors.joining())
                + """
                        "") COMPREPLY=($(compgen -W "%s service" -- "$word")) ;;
                    esac
                }
                complete -F _mainstay mainstay
                """.formatted(String.join(" ", Verbs.nouns()));
    }

    private static String options(Verb verb) {
        var options =
                verb.allChoices().stream().map(choice -> "--" + choice.name()).collect(Collectors.joining(" "));
        var files = verb.operands().contains("FILE") || verb.operands().contains("JAR") ? "-f " : "";
        return "        \"%s\"*) COMPREPLY=($(compgen %s-W \"%s\" -- \"$word\")) ;;%n"
                .formatted(verb.words(), files, operands(verb) + options);
    }

    /// The operands that are words themselves, such as `on|off`.
    private static String operands(Verb verb) {
        return switch (verb.words()) {
            case "help" -> String.join(" ", Verbs.nouns()) + " ";
            case "completion" -> verb.operands() + " ";
            default ->
                Arrays.stream(verb.operands().split("[ |\\[\\]]+"))
                        .filter(word -> word.matches("[a-z]+"))
                        .map(word -> word + " ")
                        .collect(Collectors.joining());
        };
    }

    private static String verbs(String noun) {
        var words = Verbs.of(noun).stream()
                .map(verb -> verb.words().substring(noun.length() + 1))
                .collect(Collectors.joining(" "));
        return "        \"%s\") COMPREPLY=($(compgen -W \"%s\" -- \"$word\")) ;;%n".formatted(noun, words);
    }
}
