package dev.mainstay.linux;

import java.util.Map;

/// The locale this process was given, behind the UTF-8 that its launcher chose for it.
///
/// A JVM decides at its start, by the locale, how it reads and writes names of files and words of commands.
public final class GivenLocale {
    /// Holds what `LC_ALL` was before the launcher set it; empty when it was not set.
    private static final String GIVEN = "MAINSTAY_GIVEN_LC_ALL";

    private static final String ALL = "LC_ALL";
    private static final String UTF_8 = "C.UTF-8";

    private GivenLocale() {}

    /// Makes an environment one for a JVM of ours.
    public static void utf8(Map<String, String> environment) {
        environment.putIfAbsent(GIVEN, environment.getOrDefault(ALL, ""));
        environment.put(ALL, UTF_8);
    }

    /// Makes an environment one for another program: with the locale as it was given to us.
    public static void restore(Map<String, String> environment) {
        var given = environment.remove(GIVEN);
        if (given == null) {
            return;
        }
        if (given.isEmpty()) {
            environment.remove(ALL);
        } else {
            environment.put(ALL, given);
        }
    }
}
