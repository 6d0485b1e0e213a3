package dev.mainstay.service.manifest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// A mapping of a manifest, read key by key; whatever is wrong goes to the problems.
final class Section {
    /// Longer spans than this are mistakes.
    static final Duration LONGEST = Duration.ofDays(365);

    /// A key with its value and their places.
    record Entry(Node key, Node value) {}

    private final String what;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Problems problems;

    private Section(String what, Problems problems) {
        this.what = what;
        this.problems = problems;
    }

    /// The mapping at a node, or nothing and a problem.
    static Optional<Section> of(Node node, String what, Problems problems) {
        if (!(node instanceof MappingNode mapping)) {
            problems.at(
                    node,
                    "%s is %s, but a mapping is expected".formatted(what, kind(node)),
                    "Write 'key: value' lines below it, indented by two spaces.");
            return Optional.empty();
        }
        var section = new Section(what, problems);
        for (var tuple : mapping.getValue()) {
            section.add(new Entry(tuple.getKeyNode(), tuple.getValueNode()));
        }
        return Optional.of(section);
    }

    private void add(Entry entry) {
        if (!(entry.key() instanceof ScalarNode scalar)) {
            problems.at(
                    entry.key(), "a key of %s is %s".formatted(what, kind(entry.key())), "Write a plain name as key.");
            return;
        }
        var earlier = entries.putIfAbsent(scalar.getValue(), entry);
        if (earlier != null) {
            problems.at(
                    entry.key(),
                    "'%s' stands twice in %s, first in line %d".formatted(scalar.getValue(), what, line(earlier.key())),
                    "Remove one of them.");
        }
    }

    /// This section, after noting keys that are none of these.
    Section only(Collection<String> keys) {
        entries.forEach((key, entry) -> {
            if (!keys.contains(key)) {
                problems.at(entry.key(), "'%s' is not a key of %s".formatted(key, what), Spelling.advice(key, keys));
            }
        });
        return this;
    }

    /// Whether a key that is not there seems to be meant by one that is.
    boolean misspells(String key, Collection<String> keys) {
        return entries.keySet().stream()
                .filter(written -> !keys.contains(written))
                .anyMatch(written -> Spelling.nearest(written, keys).equals(Optional.of(key)));
    }

    Map<String, Entry> entries() {
        return entries;
    }

    Optional<Node> node(String key) {
        return Optional.ofNullable(entries.get(key)).map(Entry::value);
    }

    Optional<String> text(String key) {
        return node(key).flatMap(node -> scalar(node, label(key), "a text", problems));
    }

    boolean flag(String key, boolean otherwise) {
        return node(key)
                .flatMap(node -> scalar(node, label(key), "true or false", problems)
                        .flatMap(text -> {
                            if (text.equals("true") || text.equals("false")) {
                                return Optional.of(text.equals("true"));
                            }
                            problems.at(node, "%s is '%s'".formatted(label(key), text), "Write true or false.");
                            return Optional.empty();
                        }))
                .orElse(otherwise);
    }

    int count(String key, int otherwise) {
        return node(key)
                .flatMap(node -> scalar(node, label(key), "a whole number", problems)
                        .flatMap(text -> {
                            if (text.matches("[0-9]{1,9}")) {
                                return Optional.of(Integer.parseInt(text));
                            }
                            problems.at(
                                    node, "%s is '%s'".formatted(label(key), text), "Write a whole number, 0 or more.");
                            return Optional.empty();
                        }))
                .orElse(otherwise);
    }

    Duration duration(String key, Duration least, Duration otherwise) {
        return node(key)
                .flatMap(node -> scalar(node, label(key), "a duration", problems)
                        .flatMap(text -> duration(node, label(key), text, least)))
                .orElse(otherwise);
    }

    Optional<Duration> duration(Node node, String label, String text, Duration least) {
        switch (Quantity.duration(text)) {
            case Quantity.Wrong wrong -> problems.at(node, "%s: %s".formatted(label, wrong.message()), wrong.advice());
            case Quantity.Amount amount -> {
                if (amount.value() >= least.toMillis() && amount.value() <= LONGEST.toMillis()) {
                    return Optional.of(Duration.ofMillis(amount.value()));
                }
                problems.at(
                        node,
                        "%s is '%s'".formatted(label, text),
                        "Write at least %s and at most %s.".formatted(Quantity.text(least), Quantity.text(LONGEST)));
            }
        }
        return Optional.empty();
    }

    /// One of some words, which are constants of an enum in lower case with dashes.
    <E extends Enum<E>> Optional<E> choice(String key, List<String> words, Class<E> constants) {
        return node(key)
                .flatMap(node -> scalar(node, label(key), "one of: " + String.join(", ", words), problems)
                        .flatMap(text -> {
                            if (words.contains(text)) {
                                return Optional.of(Enum.valueOf(
                                        constants, text.toUpperCase(Locale.ROOT).replace('-', '_')));
                            }
                            problems.at(node, "%s is '%s'".formatted(label(key), text), Spelling.advice(text, words));
                            return Optional.empty();
                        }));
    }

    /// A number with a unit within limits; 0 when the key is missing.
    long quantity(String key, Map<String, Long> units, long least, long most, Function<String, Quantity> reader) {
        return node(key)
                .flatMap(node -> scalar(node, label(key), "a number with a unit", problems)
                        .flatMap(text -> switch (reader.apply(text)) {
                            case Quantity.Wrong wrong -> {
                                problems.at(node, "%s: %s".formatted(label(key), wrong.message()), wrong.advice());
                                yield Optional.<Long>empty();
                            }
                            case Quantity.Amount amount
                            when amount.value() < least || amount.value() > most -> {
                                problems.at(
                                        node,
                                        "%s is '%s'".formatted(label(key), text),
                                        "Write at least %s and at most %s."
                                                .formatted(Quantity.text(least, units), Quantity.text(most, units)));
                                yield Optional.<Long>empty();
                            }
                            case Quantity.Amount amount -> Optional.of(amount.value());
                        }))
                .orElse(0L);
    }

    /// A list of texts with their places; empty when the key is missing.
    List<Placed> list(String key) {
        return node(key).map(node -> list(node, label(key), problems)).orElse(List.of());
    }

    /// A text and its place.
    record Placed(String text, Node node) {}

    static List<Placed> list(Node node, String label, Problems problems) {
        if (!(node instanceof SequenceNode sequence)) {
            var text = node instanceof ScalarNode scalar ? scalar.getValue() : "...";
            problems.at(
                    node,
                    "%s is %s, but a list is expected".formatted(label, kind(node)),
                    "Write [%s].".formatted(text.replaceAll("\\s+", ", ")));
            return List.of();
        }
        var texts = new ArrayList<Placed>();
        for (var element : sequence.getValue()) {
            scalar(element, "an element of " + label, "a text", problems)
                    .ifPresent(text -> texts.add(new Placed(text, element)));
        }
        return texts;
    }

    static Optional<String> scalar(Node node, String label, String expected, Problems problems) {
        if (node instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)) {
            return Optional.of(scalar.getValue());
        }
        problems.at(
                node,
                node instanceof ScalarNode
                        ? "%s has no value".formatted(label)
                        : "%s is %s, but %s is expected".formatted(label, kind(node), expected),
                "Write %s%s.".formatted(expected, node instanceof ScalarNode ? " or remove the line" : ""));
        return Optional.empty();
    }

    String label(String key) {
        return "'%s' of %s".formatted(key, what);
    }

    static String kind(Node node) {
        return switch (node) {
            case MappingNode mapping -> "a mapping";
            case SequenceNode sequence -> "a list";
            case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) -> "empty";
            default -> "a plain value";
        };
    }

    static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }
}
