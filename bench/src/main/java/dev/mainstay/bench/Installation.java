package dev.mainstay.bench;

import dev.mainstay.api.Client;
import dev.mainstay.api.StatusView;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// The built product of this checkout, used as an operator uses it.
///
/// @param launcher the command
record Installation(Path launcher) {
    /// Longer than any start on a slow machine.
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Duration LOOK_INTERVAL = Duration.ofMillis(1);

    /// A running cluster service with a data directory of its own.
    ///
    /// @param readyMillis from its start to its READY line
    record Service(Process process, Path data, Client client, double readyMillis) implements AutoCloseable {
        /// The process id of the resource monitor.
        long monitor() {
            return client.status().nodes().getFirst().monitor();
        }

        /// Applies a manifest and waits until its group is online.
        void bringOnline(String group, String manifest) {
            client.apply("bench.yaml", data.toString(), manifest.getBytes(StandardCharsets.UTF_8), false);
            await(
                    "group " + group + " online",
                    () -> client.group(group).state().equals("online"));
        }

        @Override
        public void close() throws IOException {
            process.destroy();
            try {
                if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new IOException("the cluster service did not end within " + PATIENCE);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            try (var files = Files.walk(data)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /// Starts a cluster service on a new data directory and waits until it is ready.
    Service start() throws IOException {
        var data = Files.createTempDirectory(Path.of("/tmp"), "msb");
        long began = System.nanoTime();
        var process = new ProcessBuilder(command("service", "--data", data.toString()))
                .redirectError(data.resolve("service.log").toFile())
                .start();
        var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (var line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("READY")) {
                double readyMillis = (System.nanoTime() - began) / 1e6;
                return new Service(process, data, Client.at(data.resolve("run/api.sock")), readyMillis);
            }
        }
        throw new IOException("the cluster service ended before it was ready: see " + data.resolve("service.log"));
    }

    /// Runs a command to its end and returns how long it took, in milliseconds.
    double timed(String... arguments) throws IOException, InterruptedException {
        long began = System.nanoTime();
        var process = new ProcessBuilder(command(arguments))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int code = process.waitFor();
        double millis = (System.nanoTime() - began) / 1e6;
        if (code != 0) {
            throw new IOException(String.join(" ", arguments) + " ended with exit code " + code);
        }
        return millis;
    }

    private List<String> command(String... arguments) {
        var command = new java.util.ArrayList<String>();
        command.add(launcher.toString());
        command.addAll(List.of(arguments));
        return command;
    }

    /// Waits for a condition; these are benchmarks of real processes, so it looks again every millisecond.
    static void await(String what, BooleanSupplier condition) {
        await(what, LOOK_INTERVAL, condition);
    }

    /// Waits for a condition whose moment the product itself records: looking for it must not take a core from
    /// what is measured.
    ///
    /// @param interval between two looks
    static void await(String what, Duration interval, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("waited " + PATIENCE + " for " + what);
            }
            LockSupport.parkNanos(interval.toNanos());
        }
    }

    /// The nodes' view, for what a benchmark prints.
    static StatusView look(Service service) {
        return service.client().status();
    }
}
