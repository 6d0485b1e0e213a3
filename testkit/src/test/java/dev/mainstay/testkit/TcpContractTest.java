package dev.mainstay.testkit;

import dev.mainstay.spi.ResourceType;
import dev.mainstay.types.check.TcpType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// The built-in check of a port keeps the contract.
class TcpContractTest extends ResourceTypeContract {
    // The kernel accepts for it as long as its queue has room.
    private final ServerSocket server = listening();

    private static ServerSocket listening() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new AssertionError("no port can be opened", e);
        }
    }

    @BeforeAll
    void accept() {
        Thread.ofPlatform().daemon().start(() -> {
            while (true) {
                try {
                    server.accept().close();
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    @AfterAll
    void closeServer() throws IOException {
        server.close();
    }

    @Override
    protected ResourceType type() {
        return new TcpType();
    }

    @Override
    protected Map<String, List<String>> properties() {
        return Map.of("address", List.of("127.0.0.1:" + server.getLocalPort()));
    }

    @Override
    protected Optional<Map<String, List<String>>> failingProperties() {
        return Optional.of(Map.of("address", List.of("127.0.0.1:1"), "startGrace", List.of("200ms")));
    }
}
