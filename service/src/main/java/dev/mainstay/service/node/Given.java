package dev.mainstay.service.node;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Settings as somebody wrote them, with the place where each was written.
///
/// @param values by key
/// @param members addresses by node
record Given(Map<String, Text> values, Map<String, Text> members) {
    /// Keys of the node file; options of the command line have the same names.
    static final List<String> KEYS =
            List.of("node", "cluster", "data", "socket", "hold", "beat", "silence", "lastResort", "members");

    /// @param place such as `node.yaml line 3` or `--hold`
    record Text(String value, String place) {}

    /// Nothing written.
    static Given nothing() {
        return new Given(new TreeMap<>(), new TreeMap<>());
    }

    /// These settings, with those of `weaker` where nothing is written here.
    Given over(Given weaker) {
        var merged = new TreeMap<>(weaker.values);
        merged.putAll(values);
        return new Given(merged, members.isEmpty() ? weaker.members : members);
    }

    Optional<Text> value(String key) {
        return Optional.ofNullable(values.get(key));
    }

    /// The permitted word most like `word`.
    static String nearest(String word, List<String> permitted) {
        return permitted.stream()
                .min(Comparator.comparingInt(one -> distance(word, one)))
                .orElse("");
    }

    /// Number of letters to add, drop or replace (Levenshtein).
    private static int distance(String a, String b) {
        var row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
