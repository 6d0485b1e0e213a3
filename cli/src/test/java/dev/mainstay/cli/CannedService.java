package dev.mainstay.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Answers each request over a Unix socket with what a test has put there; the bytes are sent as they are.
final class CannedService implements AutoCloseable {
    private final ServerSocketChannel server;
    private final Path socket;
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile String last = "";

    CannedService() throws IOException {
        socket = Files.createTempDirectory(Path.of("/tmp"), "ms").resolve("api.sock");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofPlatform().daemon().start(this::serve);
    }

    Path socket() {
        return socket;
    }

    /// First lines of the requests so far.
    List<String> requests() {
        return List.copyOf(requests);
    }

    /// Answers `GET /v1/status` and the like with 200 and this JSON.
    void json(String request, String json) {
        answer(request, 200, json);
    }

    void answer(String request, int status, String json) {
        var length = json.getBytes(StandardCharsets.UTF_8).length;
        raw(request, "HTTP/1.1 " + status + " X\r\nContent-Length: " + length + "\r\n\r\n" + json);
    }

    void raw(String request, String bytes) {
        answers.put(request, bytes);
    }

    /// Nobody listens any more after this request is answered.
    void endsAfter(String request) {
        last = request;
    }

    boolean listens() {
        return server.isOpen();
    }

    private void serve() {
        while (server.isOpen()) {
            try (var client = server.accept()) {
                answer(client);
            } catch (IOException closed) {
                // The test is over, or the client went away first: both are for the test to notice.
                requests.add("");
            }
        }
    }

    private void answer(SocketChannel client) throws IOException {
        var head = head(client);
        var line = head.substring(0, head.indexOf('\r'));
        requests.add(line);
        var key = line.substring(0, line.lastIndexOf(' ')).replaceFirst("\\?.*", "");
        var bytes = ByteBuffer.wrap(answers.getOrDefault(key, "").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            client.write(bytes);
        }
        if (key.equals(last)) {
            server.close();
            Files.delete(socket);
        }
    }

    private static String head(SocketChannel client) throws IOException {
        var text = new StringBuilder();
        var buffer = ByteBuffer.allocate(8192);
        while (text.indexOf("\r\n\r\n") < 0 && client.read(buffer) >= 0) {
            text.append(StandardCharsets.UTF_8.decode(buffer.flip()));
            buffer.clear();
        }
        return text.isEmpty() ? "\r" : text.toString();
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(socket);
            Files.deleteIfExists(socket.getParent());
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }
}
