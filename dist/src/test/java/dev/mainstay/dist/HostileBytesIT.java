package dev.mainstay.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.dist.Product.Service;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Garbage on the sockets of a running node: the connection is closed, nothing else is disturbed.
class HostileBytesIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private final Product product = new Product();

    @AfterEach
    void close() throws IOException {
        product.close();
    }

    @Test
    void garbageOnTheSocketOfTheMonitorsIsCutOffAndDisturbsNothing() throws Exception {
        var service = online();
        var before = Sighting.ofResources(product.folder());
        var socket = service.data().resolve("run/monitors.sock");
        var noise = new byte[100_000];
        new SplittableRandom(1).nextBytes(noise);

        send(socket, noise);
        send(socket, "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        send(
                socket,
                ByteBuffer.allocate(8)
                        .putInt(0x4d535431)
                        .putInt(Integer.MAX_VALUE)
                        .array());
        send(socket, ByteBuffer.allocate(8).putInt(0x4d535431).putInt(-1).array());
        sendHalf(socket, ByteBuffer.allocate(9).putInt(0x4d535431).putInt(100).array());

        undisturbed(service, before);
    }

    @Test
    void garbageOnTheSocketOfTheApiIsCutOffAndDisturbsNothing() throws Exception {
        var service = online();
        var before = Sighting.ofResources(product.folder());
        var socket = service.data().resolve("run/api.sock");
        var noise = new byte[100_000];
        new SplittableRandom(2).nextBytes(noise);

        send(socket, noise);
        send(socket, ("GET /v1/status HTTP/1.1\r\nX: " + "y".repeat(1 << 20)).getBytes(StandardCharsets.US_ASCII));
        send(
                socket,
                "POST /v1/apply HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\nabc"
                        .getBytes(StandardCharsets.US_ASCII));
        sendHalf(
                socket,
                "POST /v1/apply HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc"
                        .getBytes(StandardCharsets.US_ASCII));

        undisturbed(service, before);
    }

    private Service online() throws Exception {
        var service = product.service();
        var manifest = product.write("sleep.yaml", """
                groups:
                  quiet:
                    resources:
                      sleeper:
                        type: process
                        properties: {command: [/bin/sleep, "100000"]}
                """);
        assertThat(product.run("apply", "-f", manifest.toString(), "--yes", "--socket", CrashIT.socket(service))
                        .exitCode())
                .isZero();
        service.await("sleeper", "online");
        return service;
    }

    private void undisturbed(Service service, java.util.List<Sighting> before) {
        assertThat(service.stateOf("sleeper")).isEqualTo("online");
        assertThat(Sighting.ofResources(product.folder())).isEqualTo(before);
        assertThat(service.process().isAlive()).isTrue();
        assertThat(service.log().lines().count())
                .as("few lines for few connections:\n%s", service.log())
                .isLessThan(40);
        assertThat(service.log()).doesNotContain("\tat ");
    }

    /// Sends bytes and waits until the other side closes the connection or refuses them.
    private static void send(Path socket, byte[] bytes) throws IOException {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.configureBlocking(false);
            var out = ByteBuffer.wrap(bytes);
            var in = ByteBuffer.allocate(65_536);
            Await.until(
                    "connection closed or refused by " + socket, LIMIT, out::toString, () -> ended(channel, out, in));
        }
    }

    private static boolean ended(SocketChannel channel, ByteBuffer out, ByteBuffer in) {
        try {
            if (out.hasRemaining()) {
                channel.write(out);
            }
            in.clear();
            int count = channel.read(in);
            return count < 0
                    || StandardCharsets.US_ASCII.decode(in.flip()).toString().startsWith("HTTP/1.1 4");
        } catch (IOException reset) {
            return true;
        }
    }

    /// Sends a part of a message and goes away.
    private static void sendHalf(Path socket, byte[] bytes) throws IOException {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap(bytes));
        }
    }
}
