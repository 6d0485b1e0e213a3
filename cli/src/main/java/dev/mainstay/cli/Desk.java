package dev.mainstay.cli;

import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/// The process that loads the code of plugins and writes their files, so that none of it is loaded here.
///
/// @param launcher the command that starts it
record Desk(String launcher) {
    private static final int REFUSED = 3;

    /// **Errors:** `BAD_INPUT` when this command was started in another way than by its launcher.
    static Desk ofThisInstallation() {
        var launcher = System.getProperty("mainstay.launcher", "");
        if (launcher.isEmpty()) {
            throw new ClusterException(
                    ErrorCode.BAD_INPUT,
                    "cannot work with plugins: it is not known how to start the desk (mainstay.launcher is not set).",
                    "Start this command by its launcher, 'mainstay'.");
        }
        return new Desk(launcher);
    }

    /// What it says about an errand that it carried out, line by line.
    ///
    /// **Errors:** `PLUGIN_REFUSED` with its words.
    List<String> ask(List<String> words) {
        try {
            var process = process(words).redirectErrorStream(true).start();
            process.getOutputStream().close();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return switch (process.waitFor()) {
                case 0 -> said.lines().toList();
                case REFUSED -> throw new ClusterException(ErrorCode.PLUGIN_REFUSED, said, "Nothing was changed.");
                default ->
                    throw new ClusterException(
                            ErrorCode.INTERNAL, String.join(" ", words) + ": the desk ended otherwise:", said);
            };
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        }
    }

    /// Gives it this terminal until it ends; its value is its exit code.
    int converse(List<String> words) {
        try {
            var process = process(words).inheritIO().start();
            // Ctrl-C reaches both; the prompt comes back when the desk has ended what it ran.
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> process.onExit().join(), "mainstay-desk-end"));
            return process.waitFor();
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        } catch (InterruptedException interrupted) {
            throw interrupted(interrupted);
        }
    }

    private ProcessBuilder process(List<String> words) {
        return new ProcessBuilder(
                Stream.concat(Stream.of(launcher, "desk"), words.stream()).toList());
    }

    private static IllegalStateException interrupted(InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("the main thread was interrupted", interrupted);
    }
}
