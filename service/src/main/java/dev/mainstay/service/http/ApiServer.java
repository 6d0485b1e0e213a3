package dev.mainstay.service.http;

import dev.mainstay.api.Client;
import dev.mainstay.api.EventView;
import dev.mainstay.api.JsonText;
import io.avaje.json.stream.BufferRecycleStrategy;
import io.avaje.jsonb.Jsonb;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The HTTP API of one node on a Unix socket, for the socket's owner and group.
///
/// **Threads:** each connection has a virtual thread of its own; one that is slow keeps nobody from another.
/// **Source:** ADR 0032 says why the server is our own.
public final class ApiServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);

    /// Connections that may wait to be accepted; accepting needs microseconds.
    private static final int BACKLOG = 1024;

    /// Pause after a connection could not be accepted, as when no descriptor is free.
    private static final Duration ACCEPT_PAUSE = Duration.ofMillis(50);

    private final Clients clients = new Clients();
    private final List<Answers> answers;
    private final List<ServerSocketChannel> listeners = new ArrayList<>();
    private final Path socket;
    private final RateLimit troubles = new RateLimit(System::nanoTime);

    private ApiServer(Path socket, Surroundings surroundings) {
        this.socket = socket;
        // A virtual thread for each connection: buffers that threads keep would be as many.
        JsonText.permitLongTexts();
        var jsonb = Jsonb.builder()
                .bufferRecycling(BufferRecycleStrategy.NO_RECYCLING)
                .build();
        var facts = jsonb.type(EventView.class);
        var routes = routes(surroundings, jsonb);
        var repeats = new Repeats();
        this.answers = List.of(false, true).stream()
                .map(mayRunCode -> new Answers(
                        routes,
                        jsonb,
                        surroundings.journal(),
                        facts,
                        () -> surroundings.cluster().state().configRevision(),
                        repeats,
                        mayRunCode))
                .toList();
    }

    /// All that can be asked.
    static List<Route> routes(Surroundings surroundings, Jsonb jsonb) {
        var changes = new Changes();
        surroundings.cluster().watch(changes);
        var start = new Start(surroundings, changes);
        var routes = new ArrayList<Route>();
        new Reads(surroundings, jsonb).routes().forEach(route -> routes.add(start.before(route)));
        new Commands(surroundings, changes, jsonb).routes().forEach(route -> routes.add(start.before(route)));
        new MonitorRoutes(surroundings, jsonb).routes().forEach(route -> routes.add(start.before(route)));
        new ControlRoutes(surroundings, jsonb).routes().forEach(route -> routes.add(start.before(route)));
        var metrics = new Metrics(surroundings);
        routes.add(Route.of("GET /metrics", List.of(), _ -> metrics.scrape()));
        return routes;
    }

    /// Listens on the socket and answers.
    ///
    /// **Errors:** `UncheckedIOException` when the socket cannot be made.
    public static ApiServer start(Path socket, Surroundings surroundings) {
        try {
            prepare(socket);
            var api = new ApiServer(socket, surroundings);
            api.clients.start();
            api.listen(socket, "rw-rw----", api.answers.getFirst(), Set.of());
            // Nobody else can open it; who can nevertheless is asked of the kernel.
            var owners = Set.copyOf(List.of("root", System.getProperty("user.name", "root")));
            api.listen(ownerSocket(socket), "rw-------", api.answers.getLast(), owners);
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

    private void listen(Path path, String permissions, Answers answering, Set<String> users) throws IOException {
        var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listeners.add(listener);
        listener.bind(UnixDomainSocketAddress.of(path), BACKLOG);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        Thread.ofPlatform()
                .daemon()
                .name("api-accept-" + path.getFileName())
                .start(() -> accept(listener, answering, users));
    }

    private void accept(ServerSocketChannel listener, Answers answering, Set<String> users) {
        while (listener.isOpen()) {
            try {
                var channel = listener.accept();
                Thread.ofVirtual().name("api").start(() -> serve(channel, answering, users));
            } catch (ClosedChannelException closed) {
                return;
            } catch (IOException trouble) {
                troubles.admit().ifPresent(_ -> LOG.warn("accept a client of the API: {}", trouble.toString()));
                pause();
            }
        }
    }

    private void serve(SocketChannel channel, Answers answering, Set<String> users) {
        try {
            var user =
                    channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
            if (!users.isEmpty() && !users.contains(user)) {
                channel.close();
                return;
            }
            var connection = new Connection(channel, user, clients, answering);
            clients.add(connection);
            connection.run();
        } catch (IOException gone) {
            answering.left(gone);
        }
    }

    /// Connections that are open now.
    int clients() {
        return clients.count();
    }

    private static void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(ACCEPT_PAUSE.toNanos());
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        answers.forEach(Answers::close);
        try {
            for (var listener : listeners) {
                listener.close();
            }
            Files.deleteIfExists(socket);
            Files.deleteIfExists(ownerSocket(socket));
        } catch (IOException stays) {
            LOG.info("socket file stays: file={} reason=\"{}\"", socket, stays.getMessage());
        }
        clients.close();
    }
}
