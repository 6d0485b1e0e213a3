package dev.mainstay.bench;

import dev.mainstay.api.Client;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/// Damages one file of a data directory, in a copy, and starts the product on it: it must be ready with the group
/// it had, or refuse with a code.
final class DirectoryFuzz implements Fuzz.Target {
    private static final int REFUSED = 4;
    private static final long LIMIT_SECONDS = 120;
    private static final String MANIFEST = """
            groups:
              shop:
                resources:
                  web:
                    type: process
                    properties: {command: [/bin/sleep, "100000"]}
            """;

    private final Installation installation;
    private final Path folder;
    private final Path sample;
    private int rounds;

    private DirectoryFuzz(Installation installation, Path folder, Path sample) {
        this.installation = installation;
        this.folder = folder;
        this.sample = sample;
    }

    static DirectoryFuzz open(Installation installation) throws Exception {
        var folder = Files.createTempDirectory(Path.of("/tmp"), "msf");
        var data = Files.createDirectories(folder.resolve("sample"));
        var process = start(installation, data, folder.resolve("sample.log"));
        var client = Client.at(data.resolve("run/api.sock"));
        Installation.await("the service", () -> Files.exists(data.resolve("run/api.sock")));
        client.apply("fuzz.yaml", data.toString(), MANIFEST.getBytes(StandardCharsets.UTF_8), false);
        Installation.await("group shop", () -> client.group("shop").state().equals("online"));
        process.destroy();
        process.waitFor();
        return new DirectoryFuzz(installation, folder, data);
    }

    private static Process start(Installation installation, Path data, Path log) throws IOException {
        return new ProcessBuilder(installation.launcher().toString(), "service", "--data", data.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    @Override
    public Optional<String> round(Random chance, Duration left) throws Exception {
        rounds++;
        var data = folder.resolve("data" + rounds);
        copy(sample, data);
        var damage = damage(data, chance);
        var log = folder.resolve("data.log");
        var process = start(installation, data, log);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (process.isAlive() && !Files.readString(log).contains("READY ") && System.nanoTime() < end) {
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
        boolean ready = process.isAlive() && Files.readString(log).contains("READY ");
        boolean kept = ready
                && Client.at(data.resolve("run/api.sock")).status().groups().stream()
                        .anyMatch(group -> group.name().equals("shop"));
        boolean explained = !process.isAlive()
                && process.exitValue() == REFUSED
                && Files.readString(log).contains("MST10")
                && !Files.readString(log).contains("\tat ");
        process.destroy();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        delete(data);
        return kept || explained
                ? Optional.empty()
                : Optional.of("%s: ready %s, exit code %d%n%s"
                        .formatted(damage, ready, process.exitValue(), Files.readString(log)));
    }

    private static String damage(Path data, Random chance) throws IOException {
        var files = files(data);
        var file = files.get(chance.nextInt(files.size()));
        var bytes = Files.readAllBytes(file);
        int at = bytes.length == 0 ? 0 : chance.nextInt(bytes.length);
        if (bytes.length == 0 || chance.nextBoolean()) {
            Files.write(file, Arrays.copyOf(bytes, at));
            return "cut '%s' at byte %d".formatted(data.relativize(file), at);
        }
        int bit = chance.nextInt(8);
        bytes[at] ^= (byte) (1 << bit);
        Files.write(file, bytes);
        return "flip bit %d of byte %d of '%s'".formatted(bit, at, data.relativize(file));
    }

    private static List<Path> files(Path data) throws IOException {
        try (var files = Files.walk(data)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (var file : files.toList()) {
                var copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else if (Files.isRegularFile(file)) {
                    Files.copy(file, copy, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Override
    public void close() throws IOException {
        delete(folder);
    }
}
