package dev.mainstay.cli;

import java.util.ArrayList;
import java.util.List;

/// One command: how it is written, what it means, and what it does.
///
/// @param words the words that name it, such as `group move`
/// @param operands the words that follow, such as `NAME`
/// @param names fewest and most operands
/// @param examples whole command lines
record Verb(
        String words,
        String operands,
        Range names,
        String summary,
        List<Choice> choices,
        List<String> examples,
        Action action) {

    /// How many operands are right.
    record Range(int fewest, int most) {
        static final Range NONE = new Range(0, 0);
        static final Range ONE = new Range(1, 1);
        static final Range TWO = new Range(2, 2);
        static final Range ANY = new Range(0, Integer.MAX_VALUE);
    }

    /// What a command does; its value is the exit code.
    interface Action {
        int run(Invocation invocation);
    }

    /// The first word.
    String noun() {
        return words.split(" ")[0];
    }

    /// All options, the common ones last.
    List<Choice> allChoices() {
        List<Choice> all = new ArrayList<>(choices);
        all.add(Choice.HELP);
        return all;
    }

    /// How it is written, in one line.
    String usage() {
        return ("mainstay " + words + " " + operands).strip() + " [options]";
    }
}
