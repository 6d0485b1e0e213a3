package dev.mainstay.monitor;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The command line of a monitor.
///
/// @param socket the cluster service's socket
/// @param monitor the name of this monitor on its node
/// @param scope a text that tells the processes of this node's cluster from those of another on the same machine
/// @param directory the monitor's own folder
/// @param data the folder that all monitors of the node share: records, folders of resources, evidence
/// @param holdMillis how long to keep resources after the service is lost, in milliseconds
/// @param debugged whether a debugger may stop its threads: then calls and operations have no limits
/// @param plugins the folder of plugins, if there is one
record Arguments(
        Path socket,
        String monitor,
        String scope,
        Path directory,
        Path data,
        long holdMillis,
        boolean debugged,
        Optional<Path> plugins) {
    static final String EXPLANATION = """
            This is a Mainstay resource monitor. It is started by the cluster service, which passes
              --socket PATH --monitor NAME --scope TEXT --directory DIR --data DIR --hold MILLIS [--debug]
              [--plugins DIR]
            and a one-time token on standard input. To run a cluster, use the command 'mainstay'.""";

    private static final String DEBUG = "--debug";
    private static final String PLUGINS = "--plugins";
    private static final List<String> NAMES =
            List.of("--socket", "--monitor", "--scope", "--directory", "--data", "--hold");

    /// Reads the command line.
    ///
    /// **Errors:** `IllegalArgumentException` says what is missing or wrong.
    static Arguments parse(String... line) {
        Map<String, String> values = new HashMap<>();
        var words = List.of(line).iterator();
        while (words.hasNext()) {
            var name = words.next();
            if (name.equals(DEBUG)) {
                values.put(DEBUG, "");
            } else if ((NAMES.contains(name) || name.equals(PLUGINS)) && words.hasNext()) {
                values.put(name, words.next());
            } else {
                throw new IllegalArgumentException("'%s' is not an argument with a value".formatted(name));
            }
        }
        for (var name : NAMES) {
            if (!values.containsKey(name)) {
                throw new IllegalArgumentException("argument %s is missing".formatted(name));
            }
        }
        try {
            return new Arguments(
                    Path.of(values.getOrDefault("--socket", "")),
                    values.getOrDefault("--monitor", ""),
                    values.getOrDefault("--scope", ""),
                    Path.of(values.getOrDefault("--directory", "")),
                    Path.of(values.getOrDefault("--data", "")),
                    notNegative(values.getOrDefault("--hold", "")),
                    values.containsKey(DEBUG),
                    Optional.ofNullable(values.get(PLUGINS)).map(Path::of));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--hold needs a whole number of milliseconds", e);
        }
    }

    private static long notNegative(String text) {
        long number = Long.parseLong(text);
        if (number < 0) {
            throw new NumberFormatException("negative: " + text);
        }
        return number;
    }
}
