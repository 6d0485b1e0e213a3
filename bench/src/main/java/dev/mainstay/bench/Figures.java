package dev.mainstay.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// What a benchmark found, by plain names that end in their unit.
record Figures(SequencedMap<String, Double> values) {
    private static final double PERCENT = 100;

    /// Copies the map.
    Figures {
        values = new LinkedHashMap<>(values);
    }

    static Figures of(String name, double value) {
        return new Figures(new LinkedHashMap<>(Map.of(name, value)));
    }

    Figures and(String name, double value) {
        var more = new LinkedHashMap<>(values);
        more.put(name, value);
        return new Figures(more);
    }

    /// The value below or at which so many percent of the samples lie.
    static double percentile(double[] samples, int percent) {
        if (samples.length == 0) {
            throw new IllegalArgumentException("a percentile of no samples was asked for");
        }
        var sorted = samples.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.ceil(percent / PERCENT * sorted.length) - 1];
    }

    /// One line of JSON.
    String json() {
        return values.entrySet().stream()
                .map(each -> String.format(Locale.ROOT, "\"%s\":%.3f", each.getKey(), each.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
    }
}
