package dev.mainstay.core.state;

import java.util.regex.Pattern;

/// How names of nodes, groups, resources and types are spelled.
public final class Names {
    /// In words, for messages.
    public static final String RULE =
            "1 to 63 lower-case letters, digits, dots, dashes or underscores, beginning with a letter or digit";

    private static final Pattern SPELLING = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

    private Names() {}

    /// Whether `name` follows the rule.
    public static boolean isName(String name) {
        return SPELLING.matcher(name).matches();
    }

    static void check(String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException("'%s' is no name: use %s".formatted(name, RULE));
        }
    }
}
