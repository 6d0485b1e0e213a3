package dev.mainstay.protocol;

import java.time.Duration;
import java.util.regex.Pattern;

/// What the numbers and names of messages may be. Whoever reads a message computes with them: what cannot be meant
/// is refused where the bytes come in, and costs the connection instead of the process.
///
/// **Errors:** `IllegalArgumentException`, which [WireCodec] tells as unreadable.
final class Permitted {
    /// Nothing that anybody waits for takes longer; in nanoseconds it is a number still.
    private static final long MILLIS_MOST = Duration.ofDays(3_660).toMillis();

    /// Counters go on above what they are told.
    private static final long COUNT_MOST = 1L << 62;

    /// The end of the year 9999.
    private static final long MICROS_MOST = 253_402_300_799_000_000L;

    /// As the cluster spells them.
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

    private static final int SHOWN = 80;

    private Permitted() {}

    /// A span in milliseconds; what is below zero is over.
    static void millis(String what, long value) {
        within(what, value, -MILLIS_MOST, MILLIS_MOST);
    }

    /// A number that only grows, such as a revision; -1 for none.
    static void count(String what, long value) {
        within(what, value, -1, COUNT_MOST);
    }

    /// A time in microseconds since 1970.
    static void micros(String what, long value) {
        within(what, value, 0, MICROS_MOST);
    }

    static void within(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("%s is %d, permitted are %d to %d".formatted(what, value, least, most));
        }
    }

    /// The name of a resource or a type; folders are called like this, too.
    static void name(String what, String value) {
        if (!NAME.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "%s is '%s', which is no name".formatted(what, PlainText.oneLine(Texts.cut(value, SHOWN))));
        }
    }

    static void nameOrNone(String what, String value) {
        if (!value.isEmpty()) {
            name(what, value);
        }
    }
}
