package dev.mainstay.core.state;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/// How values are put into words for an operator.
public final class Words {
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Words() {}

    /// A time span in the largest unit that divides it, such as `15 min` or `500 ms`.
    public static String of(Duration span) {
        long millis = span.toMillis();
        if (millis == 0) {
            return "0 ms";
        } else if (millis % 3_600_000 == 0) {
            return millis / 3_600_000 + " h";
        } else if (millis % 60_000 == 0) {
            return millis / 60_000 + " min";
        } else if (millis % 1_000 == 0) {
            return millis / 1_000 + " s";
        }
        return millis + " ms";
    }

    /// A moment to the second, such as `2026-12-01 10:00:00 UTC`.
    public static String of(Instant moment) {
        return MOMENT.format(moment);
    }

    /// Such as `1 restart` or `2 restarts`.
    public static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    /// A state such as `ONLINE_PENDING` as `online pending`.
    public static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /// Names with commas, or `none`.
    public static String list(Collection<?> names) {
        return names.isEmpty() ? "none" : names.stream().map(Object::toString).collect(Collectors.joining(", "));
    }
}
