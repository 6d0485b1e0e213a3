package dev.mainstay.monitor.host;

/// Reads numbers with a unit as they stand in manifests.
final class Units {
    private static final String[] TIMES = {"ms", "s", "min", "h", "d"};
    private static final long[] MILLIS = {1, 1_000, 60_000, 3_600_000, 86_400_000};
    private static final String[] SIZES = {"B", "KiB", "MiB", "GiB"};
    private static final long[] BYTES = {1, 1L << 10, 1L << 20, 1L << 30};

    private Units() {}

    static long millis(String text) {
        return read(text, TIMES, MILLIS, "a time span such as 250ms, 5s, 3min, 1h or 2d");
    }

    static long bytes(String text) {
        return read(text, SIZES, BYTES, "a size such as 512B, 64KiB, 10MiB or 1GiB");
    }

    /// A time span as a manifest writes it, in its largest whole unit.
    static String span(long millis) {
        for (int i = TIMES.length - 1; i > 0; i--) {
            if (millis > 0 && millis % MILLIS[i] == 0) {
                return millis / MILLIS[i] + TIMES[i];
            }
        }
        return millis + TIMES[0];
    }

    private static long read(String text, String[] units, long[] factors, String expected) {
        int digits = 0;
        while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        var unit = text.substring(digits).strip();
        for (int i = 0; i < units.length; i++) {
            if (digits > 0 && units[i].equals(unit)) {
                try {
                    return Math.multiplyExact(Long.parseLong(text.substring(0, digits)), factors[i]);
                } catch (ArithmeticException | NumberFormatException e) {
                    throw new IllegalArgumentException("'%s' is too large for %s".formatted(text, expected), e);
                }
            }
        }
        throw new IllegalArgumentException("'%s' is not %s".formatted(text, expected));
    }
}
