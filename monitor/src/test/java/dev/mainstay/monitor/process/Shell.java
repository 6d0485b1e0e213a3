package dev.mainstay.monitor.process;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Commands by which a test prepares this machine and looks at it.
public final class Shell {
    private static final long LIMIT_SECONDS = 30;

    private Shell() {}

    /// Runs it and answers what it prints; a command that fails or hangs fails the test.
    public static String run(String... line) throws Exception {
        var process =
                new ProcessBuilder(List.of(line)).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new AssertionError("%s: %s".formatted(List.of(line), output));
        }
        return output;
    }
}
