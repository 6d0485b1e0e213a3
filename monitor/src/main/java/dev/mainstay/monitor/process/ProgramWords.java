package dev.mainstay.monitor.process;

import dev.mainstay.spi.LastingFailure;
import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What the kernel takes as arguments and environment of a program.
///
/// **Source:** execve(2), limits on size of arguments and environment.
final class ProgramWords {
    /// The bytes of one string, without the zero that ends it.
    static final int BYTES_MAX = (128 << 10) - 1;

    /// What the kernel takes of all strings together, however much stack there may be.
    private static final long ALL_BYTES_MAX = 6L << 20;

    /// What it takes of them at least, however little.
    private static final long ALL_BYTES_MIN = 128L << 10;

    private static final long STACK_SHARE = 4;
    /// Each string is followed by a zero and has a pointer.
    private static final int OVERHEAD = 1 + Long.BYTES;

    private static final Pattern STACK = Pattern.compile("Max stack size +(\\d+|unlimited) .*");

    private ProgramWords() {}

    /// **Errors:** [ResourceFailure] names the first that no program can get.
    static void check(String resource, List<String> line, Map<String, String> environment) throws ResourceFailure {
        for (int i = 0; i < line.size(); i++) {
            var what = i == 0 ? "the program's name" : "argument " + i;
            demand(resource, what, line.get(i), bytes(line.get(i)));
        }
        for (var variable : environment.entrySet()) {
            var name = variable.getKey();
            if (name.isEmpty() || name.contains("=")) {
                throw new LastingFailure(
                        "starting '%s': no environment variable can be called '%s'. Name it without '='"
                                .formatted(resource, name));
            }
            demand(
                    resource,
                    "environment variable '" + shortened(name) + "'",
                    name + variable.getValue(),
                    bytes(name) + 1 + bytes(variable.getValue()));
        }
        var all = Stream.concat(
                        line.stream(), environment.entrySet().stream().map(one -> one.getKey() + "=" + one.getValue()))
                .mapToLong(one -> bytes(one) + OVERHEAD)
                .sum();
        var most = allBytesMax(stackLimit());
        if (all > most) {
            throw new LastingFailure(
                    "starting '%s': arguments and environment are %d bytes long together, and the kernel takes %d, a quarter of the limit of the stack. Put some of it into a file"
                            .formatted(resource, all, most));
        }
    }

    /// @param stack the soft limit of the stack in bytes
    static long allBytesMax(long stack) {
        return Math.clamp(stack / STACK_SHARE, ALL_BYTES_MIN, ALL_BYTES_MAX);
    }

    /// The limit that programs inherit from this process.
    private static long stackLimit() {
        try (var limits = Files.lines(Path.of("/proc/self/limits"))) {
            return limits.map(STACK::matcher)
                    .filter(Matcher::matches)
                    .map(found -> found.group(1))
                    .mapToLong(found -> found.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(found))
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
        } catch (IOException unknown) {
            return Long.MAX_VALUE;
        }
    }

    private static void demand(String resource, String what, String text, int bytes) throws ResourceFailure {
        if (bytes > BYTES_MAX) {
            throw new LastingFailure("starting '%s': %s is %d bytes long, and the kernel takes %d. Put it into a file"
                    .formatted(resource, what, bytes, BYTES_MAX));
        }
        if (text.indexOf('\0') >= 0) {
            throw new LastingFailure(
                    "starting '%s': %s has a zero character in it, where every program would see its end. Take it out"
                            .formatted(resource, what));
        }
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String shortened(String name) {
        return name.length() <= 80 ? name : name.substring(0, 80) + "...";
    }
}
