package dev.mainstay.bench;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Figures from samples, and how they are printed.
final class Figures {
    private Figures() {}

    /// The sample that a share of all samples does not exceed.
    static double percentile(double[] samples, double share) {
        if (samples.length == 0) {
            throw new IllegalArgumentException("there are no samples to take a percentile of");
        }
        var sorted = samples.clone();
        java.util.Arrays.sort(sorted);
        int index = (int) Math.ceil(share * sorted.length) - 1;
        return sorted[Math.clamp(index, 0, sorted.length - 1)];
    }

    static double median(double[] samples) {
        return percentile(samples, 0.5);
    }

    /// One line, names in order, two decimals.
    static String json(Map<String, Double> figures) {
        return new TreeMap<>(figures)
                .entrySet().stream()
                        .map(entry -> String.format(Locale.ROOT, "\"%s\": %.2f", entry.getKey(), entry.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
    }
}
