package dev.mainstay.monitor;

import dev.mainstay.monitor.link.ServiceEnd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Starts the real monitor as the service starts it.
///
/// @param directory its own folder; its output goes to `err` and `out` beside it, what it shares with others
///     to `data`
/// @param before what stands before the command, such as `ip netns exec NAME`
record MonitorProcess(Path directory, List<String> before) {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    MonitorProcess(Path directory) {
        this(directory, List.of());
    }

    Process start(String input, String... arguments) throws IOException {
        var line = new ArrayList<>(before);
        line.addAll(List.of(
                JAVA.toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.mainstay.monitor.Main"));
        line.addAll(List.of(arguments));
        var process = new ProcessBuilder(line)
                .redirectError(directory.resolveSibling("err").toFile())
                .redirectOutput(directory.resolveSibling("out").toFile())
                .start();
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        return process;
    }

    Process startFor(ServiceEnd service, String scope) throws IOException {
        return start(
                "token\n",
                "--socket",
                service.socket().toString(),
                "--monitor",
                "default",
                "--scope",
                scope,
                "--directory",
                directory.toString(),
                "--data",
                directory.resolveSibling("data").toString(),
                "--hold",
                "20000");
    }
}
