package dev.mainstay.linux;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A mount as the kernel lists it.
///
/// @param id its number, until it is unmounted
/// @param parent the number of the mount it lies in
/// @param device the device's numbers, such as `8:1`; those that begin with `0:` belong to no block device
/// @param point where it is mounted
/// @param options those of the mount
/// @param type the file system's type
/// @param source what is mounted, as whoever mounted it called it
/// @param superOptions those of the file system itself
public record Mount(
        int id,
        int parent,
        String device,
        String point,
        List<String> options,
        String type,
        String source,
        List<String> superOptions) {
    private static final Pattern ESCAPED = Pattern.compile("\\\\([0-7]{3})");
    private static final int FIXED_FIELDS = 6;

    /// Copies the lists.
    public Mount {
        options = List.copyOf(options);
        superOptions = List.copyOf(superOptions);
    }

    /// Reads a line of `/proc/PID/mountinfo`; empty when it is not one.
    public static Optional<Mount> parse(String line) {
        var fields = Arrays.asList(line.split(" "));
        var dash = fields.indexOf("-");
        if (dash < FIXED_FIELDS || fields.size() < dash + 4) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Mount(
                    Integer.parseInt(fields.get(0)),
                    Integer.parseInt(fields.get(1)),
                    fields.get(2),
                    plain(fields.get(4)),
                    List.of(fields.get(5).split(",")),
                    fields.get(dash + 1),
                    plain(fields.get(dash + 2)),
                    List.of(fields.get(dash + 3).split(","))));
        } catch (NumberFormatException other) {
            return Optional.empty();
        }
    }

    /// Whether nothing can be written through it: it is meant so, or the kernel made it so after an error.
    public boolean readOnly() {
        return options.contains("ro") || superOptions.contains("ro") || superOptions.contains("emergency_ro");
    }

    /// Whether it shows the block device of these numbers or of this name; some file systems hide the numbers.
    public boolean shows(String numbers, String name) {
        var sameName = name.startsWith("/dev/") && name.equals(source);
        var sameNumbers = !numbers.startsWith("0:") && numbers.equals(device);
        return sameName || sameNumbers;
    }

    private static String plain(String field) {
        return ESCAPED.matcher(field).replaceAll(match -> {
            var character = String.valueOf((char) Integer.parseInt(match.group(1), 8));
            return Matcher.quoteReplacement(character);
        });
    }
}
