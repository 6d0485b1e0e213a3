package dev.mainstay.service.manifest;

import dev.mainstay.core.state.Dependency;
import dev.mainstay.core.state.Dependency.AnyOf;
import dev.mainstay.core.state.Names;
import dev.mainstay.core.state.ResourceId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads `data and (ip4 or ip6)`; "and" binds closer than "or".
final class DependencyText {
    /// Alternatives that a dependency may grow to when it is multiplied out.
    private static final int MAX_ALTERNATIVES = 256;

    /// Deeper parentheses are refused rather than read.
    private static final int MAX_DEPTH = 32;

    private static final Pattern TOKEN = Pattern.compile("\\s*([()]|[^\\s()]+)");

    /// A name and how many characters it stands behind the beginning.
    record Mention(String name, int offset) {}

    /// An expression that cannot be read.
    ///
    /// Private to the reading of expressions: it unwinds the descent and becomes a problem at once.
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1;

        private final int offset;
        private final String advice;

        Unreadable(int offset, String message, String advice) {
            super(message);
            this.offset = offset;
            this.advice = advice;
        }

        int offset() {
            return offset;
        }

        String advice() {
            return advice;
        }
    }

    private final List<Mention> tokens = new ArrayList<>();
    private final List<Mention> mentions = new ArrayList<>();
    private final Dependency dependency;
    private int next;
    private int depth;

    DependencyText(String text) throws Unreadable {
        var matcher = TOKEN.matcher(text);
        while (matcher.lookingAt()) {
            tokens.add(new Mention(matcher.group(1), matcher.start(1)));
            matcher.region(matcher.end(), text.length());
        }
        tokens.add(new Mention("", text.stripTrailing().length()));
        var all = either();
        if (!peek().isEmpty()) {
            throw unexpected("Join resources by 'and' or 'or'.");
        }
        dependency = new Dependency(all.stream()
                .map(names -> new AnyOf(names.stream().map(ResourceId::new).toList()))
                .toList());
    }

    Dependency dependency() {
        return dependency;
    }

    List<Mention> mentions() {
        return mentions;
    }

    private Set<Set<String>> either() throws Unreadable {
        var result = both();
        while (peek().equals("or")) {
            next++;
            var right = both();
            var product = new LinkedHashSet<Set<String>>();
            for (var one : result) {
                for (var other : right) {
                    var joined = new LinkedHashSet<>(one);
                    joined.addAll(other);
                    product.add(joined);
                }
            }
            if (product.size() > MAX_ALTERNATIVES) {
                throw new Unreadable(0, "the dependency has too many combinations", "Write a simpler one.");
            }
            result = product;
        }
        return result;
    }

    private Set<Set<String>> both() throws Unreadable {
        var result = new LinkedHashSet<>(operand());
        while (peek().equals("and")) {
            next++;
            result.addAll(operand());
        }
        return result;
    }

    private Set<Set<String>> operand() throws Unreadable {
        var token = tokens.get(next);
        if (token.name().equals("(")) {
            next++;
            depth++;
            if (depth > MAX_DEPTH) {
                throw new Unreadable(token.offset(), "too many parentheses", "Write a simpler dependency.");
            }
            var inner = either();
            if (!peek().equals(")")) {
                throw peek().isEmpty()
                        ? new Unreadable(token.offset(), "this '(' is not closed", "Add ')'.")
                        : unexpected("Join resources by 'and' or 'or'.");
            }
            next++;
            depth--;
            return inner;
        }
        if (token.name().isEmpty() || token.name().equals(")") || isWord(token.name())) {
            throw unexpected("Write the name of a resource here.");
        }
        if (!Names.isName(token.name())) {
            throw new Unreadable(
                    token.offset(),
                    "'%s' is not the name of a resource".formatted(token.name()),
                    "Write resources of the group joined by 'and' and 'or', such as data and (ip4 or ip6).");
        }
        next++;
        mentions.add(token);
        return Set.of(Set.of(token.name()));
    }

    private static boolean isWord(String token) {
        return token.equals("and") || token.equals("or");
    }

    private String peek() {
        return tokens.get(next).name();
    }

    private Unreadable unexpected(String advice) {
        var token = tokens.get(next);
        var message = token.name().isEmpty()
                ? "the expression ends where the name of a resource is expected"
                : "'%s' is not expected here".formatted(token.name());
        return new Unreadable(token.offset(), message, advice);
    }
}
