package dev.mainstay.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/// How long a command takes that asks nobody: the share of launcher and JVM in every command.
final class CommandStart implements Benchmark {
    /// Enough for a 90th percentile of ten samples above it.
    private static final int RUNS = 100;
    /// The first ones read the files from disk.
    private static final int WARM_UPS = 5;

    private static final int MEDIAN = 50;
    private static final int SLOW = 90;
    private static final double NANOS_PER_MILLI = 1e6;

    @Override
    public String name() {
        return "command";
    }

    @Override
    public String question() {
        return "how long does a command take that asks nobody?";
    }

    @Override
    public Figures run(Path launcher, PrintStream progress) throws Exception {
        progress.printf("%d times: %s version%n", RUNS, launcher);
        for (int i = 0; i < WARM_UPS; i++) {
            once(launcher);
        }
        var millis = new double[RUNS];
        for (int i = 0; i < RUNS; i++) {
            millis[i] = once(launcher);
        }
        return Figures.of("command_p50_ms", Figures.percentile(millis, MEDIAN))
                .and("command_p90_ms", Figures.percentile(millis, SLOW));
    }

    private static double once(Path launcher) throws IOException, InterruptedException {
        long began = System.nanoTime();
        var process = new ProcessBuilder(launcher.toString(), "version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        int exitCode = process.waitFor();
        if (exitCode != 0) {
            throw new IOException("measure '%s version': it ended with exit code %d. Run it by hand to see why."
                    .formatted(launcher, exitCode));
        }
        return (System.nanoTime() - began) / NANOS_PER_MILLI;
    }
}
