package dev.mainstay.service.monitors;

import static dev.mainstay.service.monitors.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.protocol.Frames;
import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import dev.mainstay.protocol.ToService.Hello;
import dev.mainstay.protocol.ToService.Hello.ProcessRef;
import dev.mainstay.protocol.ToService.Inventory;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MonitorsIT {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private final Heard heard = new Heard();
    private Path data = Path.of("/");
    private Optional<Monitors> monitors = Optional.empty();

    private static final class Heard implements MonitorListener {
        private final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        public void attached(String monitor, boolean fresh, Inventory inventory) {
            lines.add(fresh ? "fresh" : "again");
        }

        @Override
        public void reported(String monitor, HeldResource held) {
            lines.add("report " + held.resource());
        }

        @Override
        public void closed(String monitor, String resource) {
            lines.add("closed " + resource);
        }

        @Override
        public void detached(String monitor) {
            lines.add("detached");
        }
    }

    @BeforeEach
    void start() throws Exception {
        data = Files.createTempDirectory(Path.of("/tmp"), "ms");
        begin();
        awaitLine(1);
    }

    private void begin() throws IOException {
        var command = new MonitorCommand(
                FakeMonitor.class.getName(), System.getProperty("java.class.path", ""), Optional.empty());
        monitors = Optional.of(
                Monitors.start(new Monitors.Setting(data, "test", Duration.ofSeconds(5), command), heard, bug -> {
                    throw new AssertionError(bug);
                }));
    }

    private void awaitLine(int count) throws InterruptedException {
        eventually("%d lines".formatted(count), () -> heard.lines.size() >= count, () -> heard.lines);
    }

    private Monitors running() {
        return monitors.orElseThrow();
    }

    @AfterEach
    void stop() throws Exception {
        running().stop("SHUTDOWN", STOP_LIMIT);
        running().close();
    }

    @Test
    void replacesAMonitorThatIsKilled() throws Exception {
        long first = running().pid(Monitors.DEFAULT);

        ProcessHandle.of(first).ifPresent(ProcessHandle::destroyForcibly);

        awaitLine(3);
        assertThat(heard.lines).containsExactly("fresh", "detached", "fresh");
        assertThat(running().pid(Monitors.DEFAULT)).isNotEqualTo(first).isPositive();
    }

    @Test
    void takesUpTheMonitorThatOutlivedTheService() throws Exception {
        long first = running().pid(Monitors.DEFAULT);
        running().close();
        awaitLine(2);

        begin();

        awaitLine(3);
        assertThat(heard.lines).containsExactly("fresh", "detached", "again");
        assertThat(running().pid(Monitors.DEFAULT)).isEqualTo(first);
    }

    @Test
    void startsANewMonitorWhenTheOldOneIsDead() throws Exception {
        long first = running().pid(Monitors.DEFAULT);
        running().close();
        awaitLine(2);
        ProcessHandle.of(first).ifPresent(ProcessHandle::destroyForcibly);
        eventually("the old one is dead", () -> RunningProcess.of(first).isEmpty(), () -> first);

        begin();

        awaitLine(3);
        assertThat(heard.lines).containsExactly("fresh", "detached", "fresh");
    }

    @Test
    void endsTheMonitorWhenItStops() throws Exception {
        long pid = running().pid(Monitors.DEFAULT);

        assertThat(running().stop("SHUTDOWN", STOP_LIMIT)).isTrue();

        assertThat(RunningProcess.of(pid)).isEmpty();
        assertThat(data.resolve("monitors/default/session")).doesNotExist();
    }

    @Test
    void closesAConnectionThatSendsGarbage() throws Exception {
        try (var stranger = connect()) {
            stranger.write(ByteBuffer.wrap("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));

            assertThat(isClosed(stranger)).isTrue();
        }
        assertUndisturbed();
    }

    @Test
    void closesAConnectionThatClaimsAFrameTooLarge() throws Exception {
        var frame = Frames.frame(ToService.class, new ToService.Closed("x"));
        frame.putInt(4, MonitorSocket.HELLO_BYTES_MAX + 1);
        try (var stranger = connect()) {
            stranger.write(frame);

            assertThat(isClosed(stranger)).isTrue();
        }
        assertUndisturbed();
    }

    @Test
    void closesAConnectionThatStopsWithinAFrame() throws Exception {
        var frame = Frames.frame(ToService.class, new ToService.Closed("x"));
        try (var stranger = connect()) {
            stranger.write(frame.slice(0, frame.limit() / 2));

            assertThat(isClosed(stranger)).isTrue();
        }
        assertUndisturbed();
    }

    @Test
    void refusesAWrongCredential() throws Exception {
        try (var stranger = connect()) {
            var hello = new Hello(1, 1, "default", "guess", new ProcessRef(1, 1, "boot"));
            Frames.write(stranger, ToService.class, hello);

            assertThat(Frames.read(stranger, ToMonitor.class)).isInstanceOf(ToMonitor.Refused.class);
        }
        assertUndisturbed();
    }

    @Test
    void staysOpenForMonitorsBehindManySilentStrangers() throws Exception {
        var silent = new ArrayList<SocketChannel>();
        for (int i = 0; i < MonitorSocket.STRANGERS_MAX + 10; i++) {
            silent.add(connect());
        }
        for (var stranger : silent) {
            assertThat(isClosed(stranger)).isTrue();
            stranger.close();
        }
        ProcessHandle.of(running().pid(Monitors.DEFAULT)).ifPresent(ProcessHandle::destroyForcibly);

        awaitLine(3);
        assertThat(heard.lines).containsExactly("fresh", "detached", "fresh");
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(data.resolve("run/monitors.sock")));
    }

    /// Waits for the other side to close; bytes it never read make that a reset.
    private static boolean isClosed(SocketChannel stranger) throws IOException {
        try {
            return stranger.read(ByteBuffer.allocate(64)) < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    private void assertUndisturbed() {
        assertThat(heard.lines).containsExactly("fresh");
        assertThat(RunningProcess.of(running().pid(Monitors.DEFAULT))).isPresent();
    }
}
