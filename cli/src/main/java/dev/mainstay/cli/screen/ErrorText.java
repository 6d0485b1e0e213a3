package dev.mainstay.cli.screen;

import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ErrorView;
import dev.mainstay.api.JsonText;
import dev.mainstay.protocol.PlainText;

/// How an error looks: code and message, the places in a manifest, and what to do, indented.
public final class ErrorText {
    private static final String INDENT = " ".repeat(8);

    private ErrorText() {}

    /// Writes the error to the error output.
    public static void show(ClusterException refused, Terminal terminal) {
        terminal.flush();
        var err = terminal.err();
        err.print(refused.code().code() + " "
                + PlainText.lines(String.valueOf(refused.getMessage())).strip() + "\n");
        for (var problem : refused.problems()) {
            var place = problem.file() + ":" + problem.line() + ":" + problem.column();
            err.print(INDENT + place + ": " + PlainText.lines(problem.message()).strip() + "\n");
            indented(INDENT + "  ", problem.advice(), terminal);
        }
        indented(INDENT, refused.advice(), terminal);
        err.flush();
    }

    /// Writes the error to the error output, as JSON.
    public static void json(ClusterException refused, Terminal terminal) {
        terminal.flush();
        var view = ErrorView.of(refused, refused.code().httpStatus());
        terminal.err().print(PlainText.json(JsonText.of(view)) + "\n");
        terminal.err().flush();
    }

    private static void indented(String indent, String text, Terminal terminal) {
        PlainText.lines(text)
                .strip()
                .lines()
                .filter(line -> !line.isBlank())
                .forEach(line -> terminal.err().print(indent + line + "\n"));
    }
}
