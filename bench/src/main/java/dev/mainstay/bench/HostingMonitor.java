package dev.mainstay.bench;

import dev.mainstay.protocol.Frames;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import dev.mainstay.protocol.WireCodec.MalformedException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// A resource monitor with the product's own command line, whose service is this benchmark; it also knows
/// [NoOpType].
///
/// **Threads:** one.
final class HostingMonitor implements AutoCloseable {
    private static final long HOLD_MILLIS = 30_000;

    private final Process process;
    private final Path directory;
    private final SocketChannel channel;
    private final Frames.Reader frames;
    private final Frames.Writer toWrite;

    private HostingMonitor(Process process, Path directory, SocketChannel channel) {
        this.process = process;
        this.directory = directory;
        this.channel = channel;
        this.frames = new Frames.Reader(channel);
        this.toWrite = new Frames.Writer(channel, ToMonitor.class);
    }

    /// The command line of a monitor of the assembled product, as its service starts it.
    static List<String> commandOf(Installation installation) throws IOException {
        try (var service = installation.start()) {
            Installation.await("a monitor", () -> service.monitor() > 0);
            var line = Files.readString(Path.of("/proc", Long.toString(service.monitor()), "cmdline"));
            return List.of(line.split("\0"));
        }
    }

    /// Starts a monitor by the product's command line and greets it.
    static HostingMonitor start(List<String> product) throws IOException, MalformedException {
        var directory = Files.createTempDirectory(Path.of("/tmp"), "msb");
        var socket = directory.resolve("s");
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            var process = new ProcessBuilder(command(product, directory, socket))
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("output").toFile())
                    .start();
            try (var stdin = process.getOutputStream()) {
                stdin.write("token\n".getBytes(StandardCharsets.US_ASCII));
            }
            var monitor = new HostingMonitor(process, directory, server.accept());
            monitor.read();
            monitor.send(new ToMonitor.Welcome(1, "key", HOLD_MILLIS));
            monitor.flush();
            monitor.read();
            return monitor;
        }
    }

    private static List<String> command(List<String> product, Path directory, Path socket) {
        var own = Map.of(
                "--socket", socket.toString(),
                "--monitor", "bench",
                "--scope", "bench/" + directory,
                "--directory", directory.resolve("monitor").toString(),
                "--data", directory.toString());
        var words = new ArrayList<String>();
        for (int i = 0; i < product.size(); i++) {
            var word = product.get(i);
            words.add(word);
            if (word.equals("-cp")) {
                words.add(
                        product.get(++i) + ":" + System.getProperty("mainstay.bench.classes", "bench/target/classes"));
            } else if (own.containsKey(word)) {
                words.add(own.getOrDefault(word, ""));
                i++;
            }
        }
        return words;
    }

    long pid() {
        return process.pid();
    }

    /// Queues a message; it is written with [#flush], or when many wait.
    void send(ToMonitor message) throws IOException {
        toWrite.add(message);
    }

    void flush() throws IOException {
        toWrite.flush();
    }

    /// The next message.
    ToService read() throws IOException, MalformedException {
        return frames.read(ToService.class);
    }

    /// Opens resources named `r0` and so on and, if wanted, brings them online.
    void host(int from, int to, boolean online) throws IOException, MalformedException {
        for (int i = from; i < to; i++) {
            send(new ToMonitor.Open(
                    new ResourceSpec("r" + i, "bench", NoOpType.NAME, Map.of(), List.of(), 0, 0, 0, 0, 1)));
        }
        await(HeldState.OFFLINE, to - from);
        if (online) {
            for (int i = from; i < to; i++) {
                send(new ToMonitor.Online("r" + i, 1, 1, "REQUESTED"));
            }
            await(HeldState.ONLINE, to - from);
        }
    }

    private void await(HeldState state, int count) throws IOException, MalformedException {
        flush();
        for (int left = count; left > 0; ) {
            if (read() instanceof ToService.Report(var held) && held.state() == state) {
                left--;
            }
        }
    }

    /// What it has measured.
    ToService.Measures measures() throws IOException, MalformedException {
        send(new ToMonitor.AskMeasures(1));
        flush();
        while (true) {
            if (read() instanceof ToService.Measures measures) {
                return measures;
            }
        }
    }

    /// How late LooksAlive began since this was asked before.
    Map<String, List<String>> late() throws IOException, MalformedException {
        send(new ToMonitor.Control(0, "", NoOpType.NAME, NoOpType.LATE, Map.of(), HOLD_MILLIS));
        flush();
        while (true) {
            if (read() instanceof ToService.ControlDone done) {
                if (done.result() != ToService.ControlDone.Result.DONE) {
                    throw new IOException("the control failed: " + done.error());
                }
                return done.output();
            }
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        channel.close();
        process.onExit().join();
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
