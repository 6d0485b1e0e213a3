package dev.mainstay.service.node;

import dev.mainstay.core.state.Names;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.protocol.Silence;
import dev.mainstay.service.manifest.Quantity;
import dev.mainstay.service.monitors.Monitors;
import dev.mainstay.service.node.Given.Text;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// What one node's cluster service is told at its start.
///
/// @param node the node's name
/// @param cluster the cluster's name
/// @param data the directory of everything that must survive
/// @param socket where the API listens
/// @param hold how long monitors keep their resources without a cluster service
/// @param silence how often service and monitors ask each other whether they are there, and after how long a
///     silence they part
/// @param lastResort the words of the command that is run with a reason when a process cannot be killed; none for
///     no command
/// @param members `host:port` of each member's log; none for a cluster of just this node
public record NodeSettings(
        NodeId node,
        String cluster,
        Path data,
        Path socket,
        Duration hold,
        Silence.Rule silence,
        List<String> lastResort,
        SortedMap<NodeId, String> members) {
    /// The usual hold time in a cluster of several nodes: others are waiting to run the resources.
    public static final Duration DEFAULT_HOLD = Duration.ofSeconds(30);
    /// The usual hold time of a node that is a cluster by itself: nobody else could run the resources, so ending
    /// them helps nobody. It has an end because nothing may run for ever with nobody in charge. A day leaves time
    /// for somebody to come and look.
    public static final Duration DEFAULT_HOLD_ALONE = Duration.ofDays(1);
    /// Shorter ones would end before a restarted service could be back.
    public static final Duration SHORTEST_HOLD = Duration.ofSeconds(2);
    /// Longer ones only hide that nobody is in charge.
    public static final Duration LONGEST_HOLD = Duration.ofDays(7);

    private static final String DEFAULT_NODE = "n1";
    private static final String DEFAULT_CLUSTER = "mainstay";
    /// Between two beats; more often costs processor time for nothing, less often shows a hung monitor late.
    private static final Duration SHORTEST_BEAT = Duration.ofMillis(100);
    private static final Duration LONGEST_BEAT = Duration.ofSeconds(10);
    /// A silence must be much longer than a beat, and longer than a pause for collecting garbage.
    private static final int SILENCE_BEATS_MIN = 4;
    private static final Duration SHORTEST_SILENCE = Duration.ofSeconds(1);
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(10);
    private static final Pattern DURATION = Pattern.compile("(\\d{1,7})(ms|s|min|h)");
    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9a-fA-F:]+\\]|[A-Za-z0-9.-]+):(\\d{1,5})");
    private static final int PORT_MAX = 65_535;

    /// Copies the collections.
    public NodeSettings {
        lastResort = List.copyOf(lastResort);
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
    }

    /// Reads the words of a command line and the node file they name, or the data directory's.
    ///
    /// **Errors:** [SettingsException].
    public static NodeSettings of(List<String> words) {
        var line = commandLine(words);
        var file = line.value("config")
                .map(text -> Path.of(text.value()))
                .or(() -> line.value("data")
                        .map(text -> Path.of(text.value(), "node.yaml"))
                        .filter(Files::isRegularFile));
        return of(file.map(path -> line.over(NodeFile.read(path))).orElse(line));
    }

    private static Given commandLine(List<String> words) {
        var options = new ArrayList<>(List.of("config", "member"));
        options.addAll(Given.KEYS.subList(0, Given.KEYS.size() - 1));
        var given = Given.nothing();
        for (int i = 0; i < words.size(); i += 2) {
            var word = words.get(i);
            var name = word.startsWith("--") ? word.substring(2) : "";
            if (!options.contains(name)) {
                throw new SettingsException("start the cluster service: there is no option '%s'. Did you mean '--%s'?"
                        .formatted(word, Given.nearest(word.replaceFirst("^-*", ""), options)));
            }
            if (i + 1 == words.size()) {
                throw new SettingsException("start the cluster service: option '%s' needs a value".formatted(word));
            }
            var text = new Text(words.get(i + 1), word);
            if (name.equals("member")) {
                var parts = text.value().split("=", 2);
                if (parts.length < 2) {
                    throw new SettingsException("start the cluster service: --member is '%s', expected NAME=HOST:PORT"
                            .formatted(text.value()));
                }
                given.members().put(parts[0], new Text(parts[1], word));
            } else {
                given.values().put(name, text);
            }
        }
        return given;
    }

    private static NodeSettings of(Given given) {
        var data = given.value("data")
                .map(text -> Path.of(text.value()).toAbsolutePath().normalize())
                .orElseThrow(() -> new SettingsException(
                        "start the cluster service: no data directory is given. Add --data DIR, or 'data:' in"
                                + " the file."));
        var members = new TreeMap<NodeId, String>();
        given.members().forEach((name, text) -> members.put(nodeId(new Text(name, text.place())), address(text)));
        var node = given.value("node").map(NodeSettings::nodeId).orElse(new NodeId(DEFAULT_NODE));
        if (!members.isEmpty() && !members.containsKey(node)) {
            throw new SettingsException(
                    "start node '%s': it is not among the members %s. Add it there, or name this node "
                                    .formatted(node, members.keySet())
                            + "as one of them.");
        }
        var socket = given.value("socket")
                .map(text -> Path.of(text.value()).toAbsolutePath().normalize())
                .orElse(data.resolve("run").resolve("api.sock"));
        checkLength("the API", socket);
        checkLength("the monitors", data.resolve("run").resolve("monitors.sock"));
        var cluster = given.value("cluster").map(NodeSettings::name).orElse(DEFAULT_CLUSTER);
        var hold = given.value("hold")
                .map(text -> within(text, "hold time", SHORTEST_HOLD, LONGEST_HOLD))
                .orElse(members.size() > 1 ? DEFAULT_HOLD : DEFAULT_HOLD_ALONE);
        var lastResort = given.value("lastResort").map(NodeSettings::words).orElse(List.of());
        return new NodeSettings(node, cluster, data, socket, hold, silence(given), lastResort, members);
    }

    private static NodeId nodeId(Text text) {
        return new NodeId(name(text));
    }

    private static String name(Text text) {
        if (!Names.isName(text.value())) {
            throw new SettingsException(
                    "read %s: '%s' is no name: use %s".formatted(text.place(), text.value(), Names.RULE));
        }
        return text.value();
    }

    /// The words of a command; there is no shell that could take them for more.
    private static List<String> words(Text text) {
        var words = List.of(text.value().strip().split("\\s+"));
        var program = Path.of(words.getFirst());
        if (!program.isAbsolute() || !Files.isExecutable(program)) {
            throw new SettingsException(
                    "read %s: '%s' is no program: expected the absolute path of one that can be run, and its arguments"
                            .formatted(text.place(), words.getFirst()));
        }
        return words;
    }

    private static String address(Text text) {
        var parts = ADDRESS.matcher(text.value());
        if (!parts.matches() || Integer.parseInt(parts.group(2)) > PORT_MAX || Integer.parseInt(parts.group(2)) == 0) {
            throw new SettingsException("read %s: '%s' is no address: expected HOST:PORT with a port from 1 to %d"
                    .formatted(text.place(), text.value(), PORT_MAX));
        }
        return text.value();
    }

    private static Silence.Rule silence(Given given) {
        var period = given.value("beat")
                .map(text -> within(text, "time between two beats", SHORTEST_BEAT, LONGEST_BEAT))
                .orElse(Silence.Rule.USUAL.period());
        var limit = given.value("silence")
                .map(text -> within(text, "limit of silence", SHORTEST_SILENCE, LONGEST_SILENCE))
                .orElse(Silence.Rule.USUAL.limit());
        if (limit.compareTo(period.multipliedBy(SILENCE_BEATS_MIN)) < 0) {
            throw new SettingsException(
                    "start the cluster service: the limit of silence is %d ms and the time between two beats %d ms. Make 'silence' at least %d times 'beat'."
                            .formatted(limit.toMillis(), period.toMillis(), SILENCE_BEATS_MIN));
        }
        return new Silence.Rule(period, limit);
    }

    private static Duration within(Text text, String what, Duration shortest, Duration longest) {
        var parts = DURATION.matcher(text.value());
        if (!parts.matches()) {
            throw new SettingsException("read %s: '%s' is no duration: expected a whole number and ms, s, min or h"
                    .formatted(text.place(), text.value()));
        }
        long number = Long.parseLong(parts.group(1));
        var span = switch (parts.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "min" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
        if (span.compareTo(shortest) < 0 || span.compareTo(longest) > 0) {
            throw new SettingsException("read %s: a %s of '%s' is out of range: expected %s to %s"
                    .formatted(text.place(), what, text.value(), Quantity.text(shortest), Quantity.text(longest)));
        }
        return span;
    }

    private static void checkLength(String whose, Path socket) {
        int bytes = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > Monitors.SOCKET_PATH_BYTES_MAX) {
            throw new SettingsException(
                    ("listen on the socket of %s: its path '%s' has %d bytes, Linux permits %d. Choose a data"
                                    + " directory with a shorter path.")
                            .formatted(whose, socket, bytes, Monitors.SOCKET_PATH_BYTES_MAX));
        }
    }
}
