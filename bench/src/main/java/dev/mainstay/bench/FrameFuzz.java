package dev.mainstay.bench;

import dev.mainstay.api.Client;
import dev.mainstay.api.ClusterException;
import dev.mainstay.protocol.Frames;
import dev.mainstay.protocol.ToService;
import dev.mainstay.protocol.ToService.Hello;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Says something damaged on the socket of the monitors of a running service: it goes on, and so does its monitor.
final class FrameFuzz implements Fuzz.Target {
    private static final String MANIFEST = """
            groups:
              shop:
                resources:
                  web:
                    type: process
                    properties: {command: [/bin/sleep, "100000"]}
            """;

    private static final List<ToService> SOUND = List.of(
            new Hello(1, 2, "default", "token", new Hello.ProcessRef(4711, 99, "boot")),
            new ToService.Inventory(List.of(), List.of(), List.of("x.jar: no type in it")),
            new ToService.Closed("web"),
            new ToService.LogLine("INFO", "web", "a line"));

    private final Path folder;
    private final Process service;
    private final Client client;
    private final long monitor;

    private FrameFuzz(Path folder, Process service, Client client) {
        this.folder = folder;
        this.service = service;
        this.client = client;
        this.monitor = client.monitor("default").pid();
    }

    static FrameFuzz open(Installation installation) throws Exception {
        var folder = Files.createTempDirectory(Path.of("/tmp"), "msf");
        var service = new ProcessBuilder(installation.launcher().toString(), "service", "--data", folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        var client = Client.at(folder.resolve("run/api.sock"));
        Installation.await("a service that leads", () -> leads(client));
        client.apply("fuzz.yaml", folder.toString(), MANIFEST.getBytes(StandardCharsets.UTF_8), false);
        Installation.await("group shop", () -> client.group("shop").state().equals("online"));
        return new FrameFuzz(folder, service, client);
    }

    private static boolean leads(Client client) {
        try {
            return !client.status().leader().isEmpty();
        } catch (ClusterException notYet) {
            return false;
        }
    }

    @Override
    public Optional<String> round(Random chance, Duration left) throws Exception {
        var bytes = damaged(chance);
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(folder.resolve("run/monitors.sock")));
            channel.write(ByteBuffer.wrap(bytes));
            channel.shutdownOutput();
            int read = 0;
            while (read >= 0) {
                // until the service has closed it
                read = channel.read(ByteBuffer.allocate(1_024));
            }
        } catch (IOException closed) {
            // that is what it should come to
        }
        boolean well = service.isAlive()
                && client.monitor("default").pid() == monitor
                && client.resource("web").state().equals("online");
        return well ? Optional.empty() : Optional.of("after the bytes " + Arrays.toString(bytes));
    }

    private static byte[] damaged(Random chance) {
        var frame = Frames.frame(ToService.class, SOUND.get(chance.nextInt(SOUND.size())));
        var bytes = new byte[frame.remaining()];
        frame.get(bytes);
        for (int i = chance.nextInt(4); i >= 0; i--) {
            bytes[chance.nextInt(bytes.length)] ^= (byte) (1 << chance.nextInt(8));
        }
        return chance.nextBoolean() ? bytes : Arrays.copyOf(bytes, chance.nextInt(bytes.length));
    }

    @Override
    public void close() throws IOException {
        service.destroy();
        try {
            service.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
