package dev.mainstay.cli;

import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ErrorCode;
import dev.mainstay.cli.screen.ErrorText;
import dev.mainstay.cli.screen.Terminal;
import java.util.List;

/// The `mainstay` command.
public final class Main {
    private Main() {}

    /// Runs one command and ends with its exit code.
    public static void main(String[] words) {
        var terminal = Terminal.ofProcess();
        var exitCode = run(List.of(words), terminal);
        terminal.flush();
        terminal.err().flush();
        System.exit(exitCode);
    }

    static int run(List<String> words, Terminal terminal) {
        try {
            return new Dispatch(terminal).run(words);
        } catch (ClusterException refused) {
            if (Dispatch.Words.of(words).asksForJson()) {
                ErrorText.json(refused, terminal);
            } else {
                ErrorText.show(refused, terminal);
            }
            return refused.code().category().exitCode();
        } catch (RuntimeException bug) {
            terminal.flush();
            terminal.err().println(ErrorCode.INTERNAL.code() + " this is a bug in the command: " + bug);
            terminal.err().println("        Report it, with the lines below.");
            bug.printStackTrace(terminal.err());
            return ErrorCode.INTERNAL.category().exitCode();
        }
    }
}
