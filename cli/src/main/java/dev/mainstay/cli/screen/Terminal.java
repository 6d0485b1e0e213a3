package dev.mainstay.cli.screen;

import dev.mainstay.protocol.PlainText;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;

/// Where a command writes and reads, and what that place can show.
///
/// @param interactive whether somebody sits at both input and output
/// @param colour whether the output shows colours
public record Terminal(
        PrintStream out,
        PrintStream err,
        BufferedReader in,
        boolean interactive,
        boolean colour,
        ZoneId zone,
        Map<String, String> environment) {
    /// More than this is not a line but a paragraph; used where the width is unknown.
    private static final int OUTPUT_BUFFER_BYTES = 8192;

    /// The terminal of this process.
    ///
    /// What the output is, is read from `/proc`: `System.console()` loads a whole line editor.
    public static Terminal ofProcess() {
        var environment = System.getenv();
        var outputShown = isTerminal(1);
        return new Terminal(
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                new BufferedReader(
                        new InputStreamReader(new FileInputStream(FileDescriptor.in), StandardCharsets.UTF_8)),
                outputShown && isTerminal(0),
                outputShown
                        && environment.getOrDefault("NO_COLOR", "").isEmpty()
                        && !"dumb".equals(environment.get("TERM")),
                ZoneId.systemDefault(),
                environment);
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(
                new java.io.BufferedOutputStream(new FileOutputStream(descriptor), OUTPUT_BUFFER_BYTES),
                false,
                StandardCharsets.UTF_8);
    }

    private static boolean isTerminal(int descriptor) {
        try {
            var target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException unknown) {
            // Without /proc it is not known; then the plain form is right for both.
            return false;
        }
    }

    /// Writes a line; false once nobody reads any more (`mainstay events | head`).
    public boolean line(String text) {
        out.print(text + "\n");
        return true;
    }

    /// Writes JSON; false once nobody reads any more.
    public boolean json(String json) {
        return line(PlainText.json(json));
    }

    /// Writes what is buffered; false once nobody reads any more.
    public boolean flush() {
        return !out.checkError();
    }

    /// An environment variable that is set and not empty.
    public Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }
}
