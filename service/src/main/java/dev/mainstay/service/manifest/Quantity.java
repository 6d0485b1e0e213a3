package dev.mainstay.service.manifest;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// A number with a unit, as written by an operator.
public sealed interface Quantity {
    /// Units of time in milliseconds, smallest first.
    Map<String, Long> TIME = units("ms", 1L, "s", 1_000L, "min", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

    /// Units of size in bytes, smallest first.
    Map<String, Long> SIZE = units("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30, "TiB", 1L << 40);

    /// A number of milliseconds or bytes.
    record Amount(long value) implements Quantity {}

    /// It cannot be understood.
    ///
    /// @param message what was written
    /// @param advice what to write
    record Wrong(String message, String advice) implements Quantity {}

    /// A duration such as `250ms` or `15min`, in milliseconds.
    static Quantity duration(String text) {
        return of(text, TIME, "a duration", "250ms, 5s, 3min, 1h or 2d");
    }

    /// A size such as `10MiB`, in bytes.
    static Quantity size(String text) {
        return of(text, SIZE, "a size", "512B, 64KiB, 10MiB or 1GiB");
    }

    /// A duration in the largest unit that needs no fraction.
    static String text(Duration duration) {
        return text(duration.toMillis(), TIME);
    }

    /// A number of milliseconds or bytes in the largest unit that needs no fraction.
    static String text(long value, Map<String, Long> units) {
        var best = "";
        for (var unit : units.entrySet()) {
            if (best.isEmpty() || (value != 0 && value % unit.getValue() == 0)) {
                best = value / unit.getValue() + unit.getKey();
            }
        }
        return best;
    }

    private static Quantity of(String text, Map<String, Long> units, String what, String examples) {
        var written = Pattern.compile("([0-9]{1,15})([^0-9.,\\s]*)").matcher(text);
        if (!written.matches()) {
            return new Wrong(
                    "'%s' is not %s".formatted(text, what),
                    "Write a whole number with a unit, such as %s.".formatted(examples));
        }
        var unit = written.group(2);
        if (unit.isEmpty()) {
            return new Wrong(
                    "'%s' has no unit".formatted(text),
                    "Write %s with its unit, such as %s.".formatted(what, examples));
        }
        var factor = units.get(unit);
        if (factor == null) {
            return new Wrong(
                    "'%s' has the unknown unit '%s'".formatted(text, unit),
                    "The units are %s. %s"
                            .formatted(
                                    String.join(", ", units.keySet()),
                                    meant(unit, units)
                                            .map("Did you mean '%s'?"::formatted)
                                            .orElse("Write %s such as %s.".formatted(what, examples))));
        }
        var number = Long.parseLong(written.group(1));
        if (number > Long.MAX_VALUE / factor) {
            return new Wrong("'%s' is too large".formatted(text), "Write a smaller number.");
        }
        return new Amount(number * factor);
    }

    /// The unit of the same first letter that somebody most likely means: `m` is minutes, `MB` is MiB.
    private static Optional<String> meant(String unit, Map<String, Long> units) {
        var written = unit.toLowerCase(Locale.ROOT);
        return units.keySet().stream()
                .filter(name -> !name.equals("ms") || written.startsWith("ms") || written.startsWith("mil"))
                .filter(name -> name.toLowerCase(Locale.ROOT).charAt(0) == written.charAt(0))
                .findFirst();
    }

    private static Map<String, Long> units(Object... namesAndFactors) {
        var units = new LinkedHashMap<String, Long>();
        for (var index = 0; index < namesAndFactors.length; index += 2) {
            units.put((String) namesAndFactors[index], (Long) namesAndFactors[index + 1]);
        }
        return units;
    }
}
