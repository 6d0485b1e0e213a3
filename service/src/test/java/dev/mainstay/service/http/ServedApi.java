package dev.mainstay.service.http;

import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceSettings;
import dev.mainstay.service.manifest.SampleTypes;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The API on a socket of its own, in front of a cluster that does what it is told; asked by raw HTTP.
final class ServedApi implements AutoCloseable {
    /// A manifest of two resources, `web` on `data`.
    static final String SHOP = """
            groups:
              shop:
                resources:
                  web: {type: process, dependsOn: data, properties: {command: [/bin/web]}}
                  data: {type: script, properties: {scriptFilePath: /bin/data}}
            """;

    final ObedientCluster cluster = new ObedientCluster();
    final SampleMonitors monitors = new SampleMonitors();
    /// Whether the node was told to stop.
    final AtomicBoolean stopped = new AtomicBoolean();
    final AtomicReference<String> stoppedBy = new AtomicReference<>("");
    /// How often monitors were told to look for plugins.
    final AtomicInteger loaded = new AtomicInteger();
    /// Whether the cluster has taken note of the node.
    final AtomicBoolean joined = new AtomicBoolean(true);
    /// What the type finds wrong with any properties.
    final AtomicReference<@Nullable String> objection = new AtomicReference<>();

    /// What the types say of resources, by their names.
    final Map<String, TypeCheck.Verdict> verdicts = new ConcurrentHashMap<>();

    final Path folder;
    private final ApiServer server;

    ServedApi() throws IOException {
        // Short: a socket's path has 107 bytes at most.
        folder = Files.createTempDirectory(Path.of("/tmp"), "ms");
        server = ApiServer.start(socket(), surroundings(ObedientCluster.NODE));
    }

    /// What an API serves on another node of the same cluster.
    Surroundings surroundings(NodeId node) {
        return new Surroundings(
                node,
                cluster,
                SampleTypes::all,
                cluster,
                monitors,
                joined::get,
                typeCheck(),
                loaded::incrementAndGet,
                Path.of("/srv/plugins"),
                (keep, actor) -> {
                    stopped.set(true);
                    stoppedBy.set("%s, keep %s".formatted(actor, keep));
                    return Duration.ofHours(24);
                });
    }

    private TypeCheck typeCheck() {
        return new TypeCheck() {
            @Override
            public Optional<String> objection(ResourceId resource, Map<String, List<String>> properties) {
                return Optional.ofNullable(objection.get());
            }

            @Override
            public List<Verdict> verdicts(List<ResourceSettings> settings) {
                return settings.stream()
                        .map(one -> verdicts.getOrDefault(one.id().value(), Verdict.NOTHING))
                        .toList();
            }
        };
    }

    /// Connections that are open now.
    int clients() {
        return server.clients();
    }

    Path socket() {
        return folder.resolve("run/api.sock");
    }

    String get(String path) throws IOException {
        return send("GET", path, "");
    }

    String post(String path, String body) throws IOException {
        return send("POST", path, body);
    }

    String send(String method, String path, String body) throws IOException {
        return send(socket(), method, path, body);
    }

    /// Asks the API of another socket.
    static String send(Path socket, String method, String path, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        var head = "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
                .formatted(method, path, bytes.length);
        return exchange(socket, (head + body).getBytes(StandardCharsets.UTF_8));
    }

    /// Sends, ends its side, and reads until the other side closes.
    String exchange(byte[] bytes) throws IOException {
        return exchange(socket(), bytes);
    }

    private static String exchange(Path socket, byte[] bytes) throws IOException {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            try {
                var rest = ByteBuffer.wrap(bytes);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.shutdownOutput();
            } catch (IOException closedEarly) {
                return readWhatIsThere(channel);
            }
            return readWhatIsThere(channel);
        }
    }

    /// Everything up to the end of the connection, or to its loss.
    static String readWhatIsThere(SocketChannel channel) {
        var text = new StringBuilder();
        try {
            var input = Channels.newInputStream(channel);
            for (var read = input.read(); read >= 0; read = input.read()) {
                text.append((char) read);
            }
        } catch (IOException reset) {
            return text.toString();
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(folder.resolve("run"));
        Files.deleteIfExists(folder);
    }
}
