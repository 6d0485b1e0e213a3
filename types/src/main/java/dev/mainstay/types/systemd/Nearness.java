package dev.mainstay.types.systemd;

/// How much two names are alike, for an operator who mistyped one.
final class Nearness {
    private static final int SHORTEST = 3;

    private Nearness() {}

    /// 0 for names that have nothing to do with each other.
    static int of(String asked, String known) {
        if (asked.length() < SHORTEST || known.length() < SHORTEST) {
            return 0;
        }
        var begin = 0;
        while (begin < Math.min(asked.length(), known.length()) && asked.charAt(begin) == known.charAt(begin)) {
            begin++;
        }
        var contained = known.contains(asked) || asked.contains(known);
        return contained || 2 * begin >= asked.length() ? begin + (contained ? asked.length() : 0) : 0;
    }
}
