package dev.mainstay.cli.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The cluster service of one node as a child of this process.
///
/// It has a session of its own, so that Ctrl-C of the terminal does not reach it, and a pipe on its standard
/// input: the end of that pipe tells it that nobody watches any more.
final class NodeProcess {
    /// The log of former starts beyond this is set aside.
    private static final long LOG_BYTES_MAX = 4 * 1024 * 1024;

    private final String node;
    private final Path log;
    private final long logBegin;
    private final Process process;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final long startedNanos = System.nanoTime();

    private NodeProcess(String node, Path log, long logBegin, Process process) {
        this.node = node;
        this.log = log;
        this.logBegin = logBegin;
        this.process = process;
    }

    /// Starts it; `ended` is told once when it has ended.
    static NodeProcess start(String launcher, Place place, String node, Consumer<NodeProcess> ended)
            throws IOException {
        var log = place.folder(node).resolve("service.log");
        setAside(log);
        var logBegin = Files.exists(log) ? Files.size(log) : 0;
        var command = List.of(
                "setsid",
                launcher,
                "service",
                "--data",
                place.folder(node).toString(),
                "--node",
                node,
                "--cluster",
                place.name(),
                "--config",
                place.nodeFile(node).toString(),
                // In the foreground nothing may outlive the terminal for long.
                "--hold",
                "30s",
                "--parent-pipe");
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        var started = new NodeProcess(node, log, logBegin, process);
        Thread.ofPlatform().daemon().name("mainstay-run-" + node).start(started::readOutput);
        Thread.ofPlatform().daemon().name("mainstay-run-" + node + "-end").start(() -> started.awaitEnd(ended));
        return started;
    }

    private static void setAside(Path log) throws IOException {
        if (Files.exists(log) && Files.size(log) > LOG_BYTES_MAX) {
            Files.move(log, log.resolveSibling("service.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /// Not the end of its output: a resource monitor that outlives it may hold that open.
    private void awaitEnd(Consumer<NodeProcess> ended) {
        try {
            process.waitFor();
            ended.accept(this);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void readOutput() {
        try (var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (var line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith("READY")) {
                    ready.complete(null);
                }
            }
        } catch (IOException ended) {
            // The pipe ends with the process, whose end is told on its own.
            ready.cancel(false);
        }
    }

    String node() {
        return node;
    }

    long pid() {
        return process.pid();
    }

    boolean isReady() {
        return ready.isDone() && !ready.isCancelled();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int exitCode() {
        return process.exitValue();
    }

    /// How long ago it was started.
    Duration age() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    /// What it said last since this start, for a message.
    List<String> lastLines(int count) {
        try {
            var all = Files.readAllBytes(log);
            var begin = (int) Math.min(logBegin, all.length);
            var lines = new String(all, begin, all.length - begin, StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return lines.subList(Math.max(0, lines.size() - count), lines.size());
        } catch (IOException unreadable) {
            return List.of("('" + log + "' cannot be read: " + unreadable.getMessage() + ")");
        }
    }

    /// Tells it to end in good order; returns whether it did within `limit`.
    boolean end(Duration limit) throws InterruptedException {
        closePipe();
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    void closePipe() {
        try {
            process.getOutputStream().close();
        } catch (IOException ended) {
            // A broken pipe says the same: it is gone.
            ready.cancel(false);
        }
    }

    /// The process and all that descends from it and can be seen, itself first.
    List<ProcessHandle> family() {
        return java.util.stream.Stream.concat(java.util.stream.Stream.of(process.toHandle()), process.descendants())
                .toList();
    }

    void kill() {
        process.destroyForcibly();
    }
}
