package dev.mainstay.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Runs one benchmark by its name and ends with one line of JSON.
public final class Main {
    private static final int BAD_INPUT = 2;

    /// A benchmark: says what it does while it runs, and returns its figures under plain names.
    @FunctionalInterface
    interface Benchmark {
        Map<String, Double> run(Installation installation) throws Exception;
    }

    private static final SortedMap<String, Benchmark> BENCHMARKS = new TreeMap<>(Map.of(
            "core", Deciding::run,
            "deadlock", Deadlock::run,
            "footprint", Footprint::run,
            "monitor", Calling::run,
            "restart", Restart::run));

    private Main() {}

    /// @param arguments the name of the benchmark
    public static void main(String[] arguments) throws Exception {
        var launcher =
                Path.of(System.getProperty("mainstay.launcher", "mainstay")).toAbsolutePath();
        if (arguments.length > 0 && arguments[0].equals("fuzz")) {
            Fuzz.run(new Installation(launcher), List.of(arguments).subList(1, arguments.length));
            return;
        }
        var benchmark = arguments.length == 1 ? BENCHMARKS.get(arguments[0]) : null;
        if (benchmark == null) {
            System.err.printf(
                    "run a benchmark: '%s' is none. Benchmarks: %s.%n",
                    String.join(" ", arguments), String.join(", ", BENCHMARKS.keySet()));
            System.exit(BAD_INPUT);
            return;
        }
        System.out.println(Figures.json(benchmark.run(new Installation(launcher))));
    }
}
