package dev.mainstay.monitor.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A real container engine with images and containers of a test alone; needs root, and no network.
public abstract class PrivateEngine implements AutoCloseable {
    /// An image of nothing but a shell and its tools.
    public static final String IMAGE = "localhost/mainstay-test:1";

    private static final List<String> TOOLS = List.of("sh", "sleep", "test", "touch", "rm", "echo");

    /// What the engine may use.
    protected final Path directory;

    /// For the engines.
    protected PrivateEngine(Path directory) {
        this.directory = directory;
    }

    /// What a resource calls.
    public abstract String program();

    /// What a resource calls it with.
    public abstract Map<String, String> environment();

    /// Runs a command of the engine, which must succeed, and answers what it printed.
    public final String say(String... arguments) {
        return run(Stream.concat(Stream.of(program()), Stream.of(arguments)).toList());
    }

    /// Removes all containers.
    public final void removeContainers() {
        for (var id : say("ps", "--all", "--quiet").lines().toList()) {
            say("rm", "--force", id);
        }
    }

    /// Makes [#IMAGE].
    protected final void importImage() throws IOException {
        var root = directory.resolve("root");
        Files.createDirectories(root.resolve("bin"));
        Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"));
        for (var tool : TOOLS) {
            Files.createSymbolicLink(root.resolve("bin/" + tool), Path.of("busybox"));
        }
        var tar = directory.resolve("image.tar").toString();
        run(List.of("tar", "-C", root.toString(), "-cf", tar, "."));
        say("import", tar, IMAGE);
    }

    private String run(List<String> line) {
        try {
            var builder = new ProcessBuilder(line).redirectErrorStream(true);
            builder.environment().putAll(environment());
            var process = builder.start();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as("%s: %s", line, said).isZero();
            return said.strip();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(line + " cannot be run", e);
        }
    }

    @Override
    public abstract void close();
}
