package dev.mainstay.monitor.process;

import dev.mainstay.spi.ResourceFailure;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// What the kernel takes as arguments and environment of a program.
///
/// **Source:** execve(2), limits on size of arguments and environment.
final class ProgramWords {
    /// The bytes of one string, without the zero that ends it.
    static final int BYTES_MAX = (128 << 10) - 1;

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
                throw new ResourceFailure(
                        "starting '%s': no environment variable can be called '%s'. Name it without '='"
                                .formatted(resource, name));
            }
            demand(
                    resource,
                    "environment variable '" + shortened(name) + "'",
                    name + variable.getValue(),
                    bytes(name) + 1 + bytes(variable.getValue()));
        }
    }

    private static void demand(String resource, String what, String text, int bytes) throws ResourceFailure {
        if (bytes > BYTES_MAX) {
            throw new ResourceFailure("starting '%s': %s is %d bytes long, and the kernel takes %d. Put it into a file"
                    .formatted(resource, what, bytes, BYTES_MAX));
        }
        if (text.indexOf('\0') >= 0) {
            throw new ResourceFailure(
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
