package dev.mainstay.service.monitors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.protocol.Frames;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import dev.mainstay.protocol.ToService.Hello.ProcessRef;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MonitorSocketTest {
    private static final ProcessRef PROCESS = new ProcessRef(4711, 99, "boot");

    @TempDir
    Path directory;

    private final Admission admission = new Admission();
    private final BlockingQueue<MonitorSocket.Arrived> arrived = new ArrayBlockingQueue<>(10);
    private MonitorSocket socket;

    @BeforeEach
    void listen() throws IOException {
        socket = MonitorSocket.listen(directory.resolve("s"), admission, Duration.ofSeconds(30), arrived::add);
        admission.expect(new Admission.Expected(new Session("default", PROCESS, "key"), "key", false));
    }

    @AfterEach
    void close() {
        socket.close();
    }

    private SocketChannel connect() throws IOException {
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(directory.resolve("s")));
        return channel;
    }

    private static void greet(SocketChannel channel) throws IOException {
        Frames.write(channel, ToService.class, new ToService.Hello(1, 2, "default", "key", PROCESS));
    }

    @Test
    void whoHasGoneBeforeItWasWelcomedMayComeAgain() throws Exception {
        try (var gone = connect()) {
            // as one that has given up: nothing can be written to it any more
            gone.shutdownInput();
            greet(gone);
            // closed from the other side
            assertThatThrownBy(() -> {
                        while (true) {
                            greet(gone);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
        try (var again = connect()) {
            greet(again);

            assertThat(Frames.read(again, ToMonitor.class)).isInstanceOf(ToMonitor.Welcome.class);
            assertThat(arrived.poll(10, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void whoIsWelcomeIsSoOnce() throws Exception {
        try (var first = connect();
                var second = connect()) {
            greet(first);
            assertThat(Frames.read(first, ToMonitor.class)).isInstanceOf(ToMonitor.Welcome.class);
            greet(second);

            assertThat(Frames.read(second, ToMonitor.class)).isInstanceOf(ToMonitor.Refused.class);
            assertThatThrownBy(() -> Frames.read(second, ToMonitor.class)).isInstanceOf(EOFException.class);
        }
    }
}
