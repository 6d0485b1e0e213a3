package dev.mainstay.dist;

import dev.mainstay.api.Client;
import dev.mainstay.api.ClusterException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/// The assembled product, used as an operator uses it, in a folder of its own that goes when it is closed.
///
/// Whatever a test leaves running is ended by its identity, and the test fails only for its own reasons.
final class Product implements AutoCloseable {
    /// Longer than any start or stop on a loaded machine.
    static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Path folder;
    private final String cluster = "t" + UUID.randomUUID().toString().substring(0, 8);
    private final Path launcher;
    private final List<String> prefix;
    private final List<Process> started = new ArrayList<>();

    /// The checkout's own launcher, for this user.
    Product() {
        this(SourceTree.root().resolve("mainstay"));
    }

    /// @param prefix put before every command, such as `setpriv` with a user; empty for this user
    Product(Path launcher, String... prefix) {
        this.launcher = launcher;
        this.prefix = List.of(prefix);
        try {
            // Short: the path of a Unix socket may have 107 bytes at most.
            this.folder = Files.createTempDirectory(Path.of("/tmp"), "ms");
            folder.toFile().setReadable(true, false);
            folder.toFile().setWritable(true, false);
            folder.toFile().setExecutable(true, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The folder of this test.
    Path folder() {
        return folder;
    }

    /// A cluster name that no other test uses.
    String cluster() {
        return cluster;
    }

    /// A cluster service that is ready.
    ///
    /// @param data its data directory
    record Service(Process process, Path data, Client client) {
        /// Its process id.
        long pid() {
            return process.pid();
        }

        /// The resource monitor's process.
        Sighting monitor() {
            long pid = client.status().nodes().getFirst().monitor();
            return Sighting.commanded("dev.mainstay.monitor.Main").stream()
                    .filter(seen -> seen.pid() == pid)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no resource monitor with pid " + pid));
        }

        /// Ends it as a crash would.
        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }

        /// Ends it in good order.
        ///
        /// @return its exit code
        int stop() throws InterruptedException {
            process.destroy();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("the cluster service did not end within " + PATIENCE + "\n" + log());
            }
            return process.exitValue();
        }

        /// What it wrote to its log.
        String log() {
            try {
                return Files.readString(data.resolveSibling(data.getFileName() + ".log"));
            } catch (IOException e) {
                return "no log: " + e;
            }
        }

        /// The state of a resource, or why it cannot be told.
        String stateOf(String resource) {
            try {
                return client.resource(resource).state();
            } catch (ClusterException e) {
                return e.code() + " " + e.getMessage();
            }
        }

        /// Waits for a state of a resource.
        void await(String resource, String state) {
            Await.until(
                    "resource '%s' %s".formatted(resource, state),
                    PATIENCE,
                    () -> "it is " + stateOf(resource) + "\n" + log(),
                    () -> stateOf(resource).equals(state));
        }
    }

    /// Starts a cluster service and waits until it is ready.
    Service service(String... options) throws IOException {
        return service(folder.resolve("data"), options);
    }

    /// Starts a cluster service on a data directory and waits until it is ready.
    Service service(Path data, String... options) throws IOException {
        var line = new ArrayList<>(List.of("service", "--data", data.toString(), "--cluster", cluster));
        line.addAll(List.of(options));
        var log = data.resolveSibling(data.getFileName() + ".log");
        var process = command(line)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        started.add(process);
        var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (var text = output.readLine(); text != null; text = output.readLine()) {
            if (text.startsWith("READY")) {
                return new Service(process, data, Client.at(data.resolve("run/api.sock")));
            }
        }
        throw new AssertionError("the cluster service ended before it was ready:\n" + Files.readString(log));
    }

    /// How a command ended.
    record Ended(int exitCode, String output, String errors) {}

    /// Runs a command to its end.
    Ended run(String... arguments) throws IOException, InterruptedException {
        return typed(Path.of("/dev/null"), arguments);
    }

    /// Runs a command that reads its standard input from a file.
    Ended typed(Path input, String... arguments) throws IOException, InterruptedException {
        var output = Files.createTempFile(folder, "out", "");
        var errors = Files.createTempFile(folder, "err", "");
        var process = command(List.of(arguments))
                .redirectInput(input.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        started.add(process);
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("%s still runs after %s%n%s%n%s"
                    .formatted(List.of(arguments), PATIENCE, Files.readString(output), Files.readString(errors)));
        }
        return new Ended(process.exitValue(), Files.readString(output), Files.readString(errors));
    }

    /// A command that goes on, with its output and errors in a file of the folder.
    Process start(Path output, String... arguments) throws IOException {
        var process = command(List.of(arguments))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
        started.add(process);
        return process;
    }

    /// Writes a file and returns it.
    Path write(String name, String text) throws IOException {
        var file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private ProcessBuilder command(List<String> arguments) {
        var line = new ArrayList<>(prefix);
        line.add(launcher.toString());
        line.addAll(arguments);
        var builder = new ProcessBuilder(line).directory(folder.toFile());
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("XDG_STATE_HOME", folder.resolve("state").toString());
        builder.environment().remove("MAINSTAY_SOCKET");
        return builder;
    }

    @Override
    public void close() throws IOException {
        for (var process : started) {
            process.destroyForcibly();
        }
        Sighting.commanded(folder.toString()).forEach(Sighting::kill);
        Sighting.ofResources(folder).forEach(Sighting::kill);
        delete(folder);
    }

    /// Removes a folder with all that is in it.
    static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
