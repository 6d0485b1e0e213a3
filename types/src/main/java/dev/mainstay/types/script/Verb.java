package dev.mainstay.types.script;

import java.util.Locale;

/// What a script may be asked to do; the argument is the name in lower case.
enum Verb {
    OPEN(false),
    ONLINE(false),
    OFFLINE(false),
    LOOKSALIVE(true),
    ISALIVE(true),
    TERMINATE(false),
    CLOSE(false);

    /// The exit code by which a script says that it does not know the verb; LSB's "unimplemented feature".
    static final int NOT_KNOWN = 3;

    private final boolean required;

    Verb(boolean required) {
        this.required = required;
    }

    String argument() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Whether that exit code means that all is well.
    boolean succeeded(int exitCode) {
        return exitCode == 0 || (exitCode == NOT_KNOWN && !required);
    }
}
