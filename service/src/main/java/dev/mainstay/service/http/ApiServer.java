package dev.mainstay.service.http;

import dev.mainstay.api.Client;
import dev.mainstay.api.EventView;
import dev.mainstay.protocol.Limits;
import io.avaje.jsonb.Jsonb;
import io.helidon.http.DirectHandler;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The HTTP API of one node on a Unix socket, for the socket's owner and group.
///
/// **Threads:** each request has a virtual thread of its own.
/// **Time:** starting takes about half a second; start it beside what matters more.
public final class ApiServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);

    /// Connections at once; more wait to be accepted.
    private static final int MOST_CONNECTIONS = 256;

    /// The longest request line and the longest headers, in bytes.
    private static final int MOST_LINE = 8 * 1024;

    /// Streams end within this time when the server closes.
    private static final Duration CLOSE_LIMIT = Duration.ofMillis(200);

    private static final String OWNER = "owner";

    /// What the server takes of a body, in bytes: a chunk that claims to be larger is refused before any of it is read.
    /// A little more than our own limit, so that we say ourselves what is too large by a little.
    private static final long MOST_PAYLOAD = 2L * Limits.HTTP_BODY;

    private final WebServer server;
    private final Answers answers;
    private final Answers ownerAnswers;
    private final Path socket;

    private ApiServer(Path socket, Surroundings surroundings) {
        this.socket = socket;
        var changes = new Changes();
        surroundings.cluster().watch(changes);
        var jsonb = Jsonb.builder().build();
        var start = new Start(surroundings, changes);
        var routes = new ArrayList<Route>();
        new Reads(surroundings, jsonb).routes().forEach(route -> routes.add(start.before(route)));
        new Commands(surroundings, changes, jsonb).routes().forEach(route -> routes.add(start.before(route)));
        new MonitorRoutes(surroundings, jsonb).routes().forEach(route -> routes.add(start.before(route)));
        new ControlRoutes(surroundings, jsonb).routes().forEach(route -> routes.add(start.before(route)));
        var metrics = new Metrics(surroundings);
        routes.add(Route.of("GET /metrics", List.of(), _ -> metrics.scrape()));
        var facts = jsonb.type(EventView.class);
        this.answers = new Answers(routes, jsonb, surroundings.journal(), facts, false);
        this.ownerAnswers = new Answers(routes, jsonb, surroundings.journal(), facts, true);
        this.server = WebServer.builder()
                .bindAddress(UnixDomainSocketAddress.of(socket))
                .shutdownHook(false)
                .maxTcpConnections(MOST_CONNECTIONS)
                .shutdownGracePeriod(CLOSE_LIMIT)
                .maxPayloadSize(MOST_PAYLOAD)
                .addProtocol(Http1Config.builder()
                        .maxPrologueLength(MOST_LINE)
                        .maxHeadersSize(MOST_LINE)
                        .build())
                .addConnectionSelector(new NotHttp(() -> refusal("the first line is not one of HTTP/1.1")))
                .directHandlers(refusals())
                .routing(routing -> routing.any(answers))
                .putSocket(OWNER, listener -> listener.bindAddress(UnixDomainSocketAddress.of(ownerSocket(socket)))
                        .maxTcpConnections(MOST_CONNECTIONS)
                        .maxPayloadSize(MOST_PAYLOAD))
                .routing(OWNER, routing -> routing.any(ownerAnswers))
                .build();
    }

    /// Listens on the socket and answers.
    ///
    /// **Errors:** `UncheckedIOException` when the socket cannot be made.
    public static ApiServer start(Path socket, Surroundings surroundings) {
        try {
            prepare(socket);
            var api = new ApiServer(socket, surroundings);
            api.server.start();
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw----"));
            Files.setPosixFilePermissions(ownerSocket(socket), PosixFilePermissions.fromString("rw-------"));
            return api;
        } catch (IOException failed) {
            throw new UncheckedIOException("the API cannot listen on %s".formatted(socket), failed);
        }
    }

    private static void prepare(Path socket) throws IOException {
        var folder = socket.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Files.deleteIfExists(socket);
        Files.deleteIfExists(ownerSocket(socket));
    }

    /// The socket for the user of the cluster service alone, beside the one for everybody who may operate it.
    private static Path ownerSocket(Path socket) {
        return socket.resolveSibling(Client.OWNER_SOCKET);
    }

    /// Answers for what never becomes a request: garbage, oversize lines and headers.
    private DirectHandlers refusals() {
        var handlers = DirectHandlers.builder();
        for (var type : DirectHandler.EventType.values()) {
            handlers.addHandler(type, (request, event, status, headers, message) -> refusal(status, headers, message));
        }
        return handlers.build();
    }

    /// @param message absent when it might repeat the client's bytes; the status says as much
    private DirectHandler.TransportResponse refusal(
            Status status, ServerResponseHeaders headers, @Nullable String message) {
        var reason = message == null ? status.reasonPhrase() : message;
        return DirectHandler.TransportResponse.builder()
                .status(status)
                .headers(headers)
                .header(Answers.JSON)
                .keepAlive(false)
                .entity(refusal(reason))
                .build();
    }

    private String refusal(String reason) {
        answers.logBadClient("API request refused: reason=\"%s\"", Answers.oneLine(reason));
        return answers.notHttp(reason);
    }

    @Override
    public void close() {
        answers.close();
        ownerAnswers.close();
        server.stop();
        try {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(ownerSocket(socket));
        } catch (IOException stays) {
            LOG.info("socket file stays: file={} reason=\"{}\"", socket, stays.getMessage());
        }
    }
}
