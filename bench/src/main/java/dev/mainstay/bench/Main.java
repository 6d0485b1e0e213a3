package dev.mainstay.bench;

import java.nio.file.Path;
import java.util.List;

/// Runs a benchmark by its name.
public final class Main {
    private static final List<Benchmark> BENCHMARKS = List.of(new CommandStart());

    /// No such benchmark, as with the command.
    private static final int EXIT_INPUT = 2;

    private Main() {}

    /// Takes the name; the last line on standard output is JSON.
    public static void main(String[] words) throws Exception {
        var wanted = BENCHMARKS.stream()
                .filter(each -> words.length == 1 && each.name().equals(words[0]))
                .findFirst();
        if (wanted.isEmpty()) {
            System.err.println("run a benchmark: name one of these.");
            BENCHMARKS.forEach(each -> System.err.printf("  %-10s %s%n", each.name(), each.question()));
            System.exit(EXIT_INPUT);
        }
        var launcher = Path.of(System.getProperty("mainstay.launcher", "mainstay"));
        System.out.println(wanted.orElseThrow().run(launcher, System.out).json());
    }
}
