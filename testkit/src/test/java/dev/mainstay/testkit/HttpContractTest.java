package dev.mainstay.testkit;

import com.sun.net.httpserver.HttpServer;
import dev.mainstay.spi.ResourceType;
import dev.mainstay.types.check.HttpType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;

/// The built-in check of a page keeps the contract.
class HttpContractTest extends ResourceTypeContract {
    private final HttpServer server = serving();

    private static HttpServer serving() {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                exchange.sendResponseHeaders(exchange.getRequestURI().getPath().equals("/") ? 204 : 404, -1);
                exchange.close();
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new AssertionError("the server of the test does not start", e);
        }
    }

    @AfterAll
    void closeServer() {
        server.stop(0);
    }

    private String url(String path) {
        return "http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), path);
    }

    @Override
    protected ResourceType type() {
        return new HttpType();
    }

    @Override
    protected Map<String, List<String>> properties() {
        return Map.of("url", List.of(url("/")));
    }

    @Override
    protected Optional<Map<String, List<String>>> failingProperties() {
        return Optional.of(Map.of("url", List.of(url("/gone")), "startGrace", List.of("200ms")));
    }
}
