package dev.mainstay.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/// Damages inputs of the product by chance, for a while, and looks whether it copes. Tests do the same with a
/// fixed seed for some seconds.
final class Fuzz {
    private static final int BAD_INPUT = 2;
    private static final int FOUND = 1;
    /// A new target is a row here.
    private static final SortedMap<String, Opening> TARGETS = new TreeMap<>(Map.of(
            "directory", DirectoryFuzz::open,
            "frames", FrameFuzz::open,
            "routes", FuzzedTest.of("service", "RoutesFuzzTest")));

    private Fuzz() {}

    /// Something whose input is damaged.
    interface Target extends AutoCloseable {
        /// Damages it by chance, once or for as long as is left; says what was done and what went wrong, if
        /// anything did.
        Optional<String> round(Random chance, Duration left) throws Exception;

        @Override
        void close() throws IOException;
    }

    /// Makes a target ready.
    @FunctionalInterface
    interface Opening {
        /// Prepares what is damaged later.
        Target open(Installation installation) throws Exception;
    }

    /// @param arguments `[--minutes N] [--seed S] [NAME...]`
    static void run(Installation installation, List<String> arguments) throws Exception {
        var names = new ArrayList<String>();
        long minutes = 1;
        long seed = System.nanoTime();
        var words = arguments.iterator();
        while (words.hasNext()) {
            var word = words.next();
            if (word.equals("--minutes") && words.hasNext()) {
                minutes = Long.parseLong(words.next());
            } else if (word.equals("--seed") && words.hasNext()) {
                seed = Long.parseLong(words.next());
            } else if (TARGETS.containsKey(word)) {
                names.add(word);
            } else {
                System.err.printf(
                        "fuzz: '%s' is no target. Targets: %s. Options: --minutes N, --seed S.%n",
                        word, String.join(", ", TARGETS.keySet()));
                System.exit(BAD_INPUT);
            }
        }
        System.out.printf("seed %d, %d minutes%n", seed, minutes);
        rounds(installation, names.isEmpty() ? List.copyOf(TARGETS.keySet()) : names, minutes, new Random(seed));
    }

    private static void rounds(Installation installation, List<String> names, long minutes, Random chance)
            throws Exception {
        long part = Duration.ofMinutes(minutes).toNanos() / names.size();
        int rounds = 0;
        int found = 0;
        for (var name : names) {
            long end = System.nanoTime() + part;
            try (var target = Objects.requireNonNull(TARGETS.get(name)).open(installation)) {
                while (System.nanoTime() < end) {
                    rounds++;
                    var trouble = target.round(chance, Duration.ofNanos(end - System.nanoTime()));
                    if (trouble.isPresent()) {
                        found++;
                        System.out.printf("%s: %s%n", name, trouble.get());
                    }
                }
            }
        }
        System.out.printf("{\"rounds\": %d, \"found\": %d}%n", rounds, found);
        System.exit(found == 0 ? 0 : FOUND);
    }
}
