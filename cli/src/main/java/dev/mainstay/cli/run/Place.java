package dev.mainstay.cli.run;

import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Where one run keeps its data: a folder, with a folder for each node in it.
///
/// @param name of the run and its cluster, from the name of the manifest
/// @param nodes names of its nodes
public record Place(String name, Path folder, List<String> nodes) {
    private static final int KEY_BYTES = 32;

    /// More than so many at once nobody runs.
    private static final int REMEMBERED = 20;

    /// The file that names the folders of the latest runs of this user, the newest first.
    private static Path pointer(Map<String, String> environment) {
        return runs(environment).resolve("newest");
    }

    /// The folders of the latest runs of this user, the newest first.
    public static List<Path> remembered(Map<String, String> environment) throws IOException {
        return Files.exists(pointer(environment))
                ? Files.readAllLines(pointer(environment)).stream()
                        .filter(line -> !line.isBlank())
                        .map(Path::of)
                        .toList()
                : List.of();
    }

    /// The API socket of the node that keeps its data in `folder`.
    public static Path socket(Path folder) {
        return folder.resolve("run").resolve("api.sock");
    }

    /// The place for a manifest; nothing is written yet.
    static Place of(String manifest, int count, Optional<String> data, Map<String, String> environment) {
        var file = Path.of(manifest).getFileName();
        var base = file == null ? "" : file.toString().replaceFirst("\\.[^.]*$", "");
        var name = base.replaceAll("[^A-Za-z0-9-]", "-");
        name = name.isEmpty() ? "run" : name;
        var folder = data.map(Path::of).orElse(runs(environment).resolve(name));
        var nodes = IntStream.rangeClosed(1, count).mapToObj(n -> "n" + n).toList();
        return new Place(name, folder.toAbsolutePath().normalize(), nodes);
    }

    private static Path runs(Map<String, String> environment) {
        var state = environment.getOrDefault("XDG_STATE_HOME", "");
        // HOME first, as every other program does: Java's own idea of it is the account's, whatever HOME says.
        var home = environment.getOrDefault("HOME", "");
        var folder = state.isEmpty()
                ? Path.of(home.isEmpty() ? System.getProperty("user.home") : home, ".local", "state")
                : Path.of(state);
        return folder.resolve("mainstay").resolve("run");
    }

    Path folder(String node) {
        return folder.resolve(node);
    }

    Path nodeFile(String node) {
        return folder(node).resolve("node.yaml");
    }

    /// Makes the folders and, for several nodes, the files that name the members; what is there is kept.
    void prepare() throws IOException {
        var kept = keptNodes();
        if (kept != 0 && kept != nodes.size()) {
            throw new ClusterException(
                    ErrorCode.BAD_INPUT,
                    "cannot run with --nodes " + nodes.size() + ": the data in '" + folder + "' was made with --nodes "
                            + kept + ".",
                    "Run it with --nodes " + kept + ", or give it another folder: --data DIR.");
        }
        for (var node : nodes) {
            Files.createDirectories(folder(node));
        }
        if (kept == 0) {
            var members = nodes.size() == 1 ? List.<String>of() : members();
            var key = key();
            for (var node : nodes) {
                writeNodeFile(node, members);
                writeKey(node, key);
            }
        }
    }

    /// Remembers this run as the newest, so that other commands of this user find it.
    void remember(Map<String, String> environment) throws IOException {
        var pointer = pointer(environment);
        Files.createDirectories(pointer.getParent());
        var runs = Stream.concat(
                        Stream.of(folder), remembered(environment).stream().filter(other -> !other.equals(folder)))
                .limit(REMEMBERED)
                .map(run -> run + "\n");
        replace(pointer, runs.collect(Collectors.joining()));
    }

    private int keptNodes() throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (var entries = Files.list(folder)) {
            return (int) entries.filter(entry -> Files.exists(entry.resolve("node.yaml")))
                    .count();
        }
    }

    /// Free ports of loopback, all different because they are held together until the last is found.
    private List<String> members() throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        List<String> members = new ArrayList<>();
        try {
            for (var node : nodes) {
                var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                held.add(socket);
                members.add("  " + node + ": 127.0.0.1:" + socket.getLocalPort());
            }
        } finally {
            for (var socket : held) {
                socket.close();
            }
        }
        return members;
    }

    private void writeNodeFile(String node, List<String> members) throws IOException {
        var text = "# Written by 'mainstay run'; the ports stay the same in later runs.\nnode: " + node + "\ncluster: "
                + name + "\n";
        replace(nodeFile(node), members.isEmpty() ? text : text + "members:\n" + String.join("\n", members) + "\n");
    }

    /// By this key the members of the cluster know each other; nobody else may read it.
    private void writeKey(String node, byte[] key) throws IOException {
        var file = folder(node).resolve("cluster.key");
        var mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Files.deleteIfExists(file);
        Files.write(Files.createFile(file, mine), key);
    }

    private static byte[] key() {
        var key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return key;
    }

    private static void replace(Path file, String text) throws IOException {
        var fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
