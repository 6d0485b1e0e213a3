package dev.mainstay.monitor.link;

import static org.assertj.core.api.Assertions.fail;

import dev.mainstay.protocol.Frames;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

/// The service's end of a real Unix socket, played by a test.
public final class ServiceEnd implements AutoCloseable {
    private final Path directory;
    private final Path socket;
    private ServerSocketChannel server;
    private SocketChannel connection;

    /// Listens on a socket in a new short folder.
    public ServiceEnd() throws IOException {
        directory = Files.createTempDirectory(Path.of("/tmp"), "ms");
        socket = directory.resolve("s");
        server = listen();
        connection = SocketChannel.open(StandardProtocolFamily.UNIX);
    }

    private ServerSocketChannel listen() throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
    }

    /// The path of the socket.
    public Path socket() {
        return socket;
    }

    /// Waits for a monitor and reads its greeting.
    public ToService.Hello accept() throws Exception {
        connection = server.accept();
        return (ToService.Hello) Frames.read(connection, ToService.class);
    }

    /// Sends a message.
    public void send(ToMonitor message) throws IOException {
        Frames.write(connection, ToMonitor.class, message);
    }

    /// Sends bytes that are no frame.
    public void sendBytes(byte... bytes) throws IOException {
        connection.write(ByteBuffer.wrap(bytes));
    }

    /// Reads until a message fits.
    public <M extends ToService> M read(Class<M> kind, Predicate<M> wanted) throws Exception {
        for (int i = 0; i < 10_000; i++) {
            var message = Frames.read(connection, ToService.class);
            if (kind.isInstance(message) && wanted.test(kind.cast(message))) {
                return kind.cast(message);
            }
        }
        return fail("no %s came", kind);
    }

    /// Goes away as a service that is killed does; its socket file stays.
    public void die() throws IOException {
        server.close();
        connection.close();
    }

    /// Ends the connection and goes on listening.
    public void closeConnection() throws IOException {
        connection.close();
    }

    /// Is started again on the same socket.
    public void comeBack() throws IOException {
        Files.deleteIfExists(socket);
        server = listen();
    }

    @Override
    public void close() throws IOException {
        die();
        Files.deleteIfExists(socket);
        Files.deleteIfExists(directory);
    }
}
