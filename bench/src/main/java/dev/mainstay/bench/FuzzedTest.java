package dev.mainstay.bench;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/// A test of the source tree that damages by chance with a fixed seed, and goes on with others for as long as
/// `-Dmainstay.fuzz.minutes` says.
final class FuzzedTest implements Fuzz.Target {
    private final File checkout;
    private final String module;
    private final String test;

    private FuzzedTest(Path checkout, String module, String test) {
        this.checkout = checkout.toFile();
        this.module = module;
        this.test = test;
    }

    static Fuzz.Opening of(String module, String test) {
        return installation -> {
            var checkout = installation.launcher().getParent();
            if (checkout == null) {
                throw new IOException("run the test '%s': there is no source tree around '%s'"
                        .formatted(test, installation.launcher()));
            }
            return new FuzzedTest(checkout, module, test);
        };
    }

    @Override
    public Optional<String> round(Random chance, Duration left) throws Exception {
        long minutes = Math.max(1, left.toMinutes());
        long seed = chance.nextLong();
        var process = new ProcessBuilder(
                        "mvn",
                        "-o",
                        "-q",
                        "-pl",
                        module,
                        "-am",
                        "test",
                        "-Dtest=" + test,
                        "-Dsurefire.failIfNoSpecifiedTests=false",
                        "-Dspotless.check.skip",
                        "-Dmainstay.fuzz.minutes=" + minutes,
                        "-Dmainstay.fuzz.seed=" + seed,
                        "-Dtest.limits=junit.jupiter.execution.timeout.default = %d m".formatted(2 * minutes + 5))
                .directory(checkout)
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0
                ? Optional.empty()
                : Optional.of("%s with seed %d:%n%s"
                        .formatted(
                                test,
                                seed,
                                output.lines()
                                        .filter(line -> line.startsWith("[ERROR]"))
                                        .collect(Collectors.joining("\n"))));
    }

    @Override
    public void close() {}
}
