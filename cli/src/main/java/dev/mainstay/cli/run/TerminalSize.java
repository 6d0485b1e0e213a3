package dev.mainstay.cli.run;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// How large the terminal is, asked again from time to time because somebody may change it.
final class TerminalSize {
    private static final Duration VALID = Duration.ofSeconds(2);
    /// What a terminal has that does not say, since the VT100.
    private static final Size USUAL = new Size(24, 80);

    private Size size = USUAL;
    private long askedNanos = System.nanoTime() - VALID.toNanos();

    /// Rows and columns.
    record Size(int rows, int columns) {}

    Size now() {
        if (System.nanoTime() - askedNanos >= VALID.toNanos()) {
            askedNanos = System.nanoTime();
            size = asked();
        }
        return size;
    }

    private static Size asked() {
        try {
            var stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            var words = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .strip()
                    .split(" ");
            if (words.length == 2 && words[0].matches("[1-9][0-9]{0,3}") && words[1].matches("[1-9][0-9]{0,3}")) {
                return new Size(Integer.parseInt(words[0]), Integer.parseInt(words[1]));
            }
            return USUAL;
        } catch (IOException noTerminal) {
            // Without stty or a controlling terminal the usual size is the best guess.
            return USUAL;
        }
    }
}
