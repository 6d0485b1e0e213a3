package dev.mainstay.service.monitors;

import dev.mainstay.protocol.Frames;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import dev.mainstay.protocol.ToService.Hello;
import dev.mainstay.protocol.WireCodec.MalformedException;
import dev.mainstay.service.monitors.Admission.Verdict.Admitted;
import dev.mainstay.service.monitors.Admission.Verdict.Denied;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The Unix socket on which monitors connect; lets in those that [Admission] knows.
///
/// A peer of another user, one that says nothing in time, or says anything but a proper Hello, is cut off with one
/// line in the log, and nobody else notices.
///
/// **Threads:** own ones; the welcomed connection is handed over on a thread of its own.
final class MonitorSocket implements AutoCloseable {
    /// A monitor sends its Hello at once; a stopped machine may need seconds for it.
    static final Duration HELLO_LIMIT = Duration.ofSeconds(5);
    /// Connections that may be waiting to introduce themselves.
    static final int STRANGERS_MAX = 16;
    /// A Hello holds a name, a key and three numbers.
    static final int HELLO_BYTES_MAX = 4096;

    private static final Logger LOG = LoggerFactory.getLogger(MonitorSocket.class);

    private final Path path;
    private final ServerSocketChannel server;
    private final UserPrincipal self;
    private final Admission admission;
    private final Duration hold;
    private final Semaphore strangers = new Semaphore(STRANGERS_MAX);
    private final ScheduledExecutorService alarm = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("monitor-hello-alarm").factory());

    private MonitorSocket(
            Path path, ServerSocketChannel server, UserPrincipal self, Admission admission, Duration hold) {
        this.path = path;
        this.server = server;
        this.self = self;
        this.admission = admission;
        this.hold = hold;
    }

    /// Listens on `path`, whose directory must be closed to other users.
    static MonitorSocket listen(Path path, Admission admission, Duration hold, Consumer<Arrived> welcomed)
            throws IOException {
        Files.deleteIfExists(path);
        var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        var socket = new MonitorSocket(path, server, Files.getOwner(Path.of("/proc/self")), admission, hold);
        Thread.ofPlatform().daemon().name("monitor-accept").start(() -> socket.accept(welcomed));
        return socket;
    }

    /// A monitor that was let in.
    ///
    /// @param version of the protocol
    record Arrived(Admission.Expected expected, int version, SocketChannel channel) {}

    private void accept(Consumer<Arrived> welcomed) {
        while (server.isOpen()) {
            try {
                var channel = server.accept();
                if (strangers.tryAcquire()) {
                    Thread.ofVirtual().name("monitor-hello").start(() -> introduce(channel, welcomed));
                } else {
                    turnAway(channel, "%d connections wait for their Hello already".formatted(STRANGERS_MAX));
                }
            } catch (ClosedChannelException closed) {
                return;
            } catch (IOException e) {
                LOG.warn("accept a connection on the monitors' socket: {}", e.getMessage());
            }
        }
    }

    private void introduce(SocketChannel channel, Consumer<Arrived> welcomed) {
        var late = alarm.schedule(
                () -> turnAway(channel, "no Hello within %d s".formatted(HELLO_LIMIT.toSeconds())),
                HELLO_LIMIT.toMillis(),
                TimeUnit.MILLISECONDS);
        Arrived arrived = null;
        try {
            var peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
            if (!peer.equals(self)) {
                turnAway(channel, "it is of user '%s', not '%s'".formatted(peer.getName(), self.getName()));
                return;
            }
            var message = Frames.read(channel, ToService.class, HELLO_BYTES_MAX);
            if (!late.cancel(false)) {
                return;
            }
            if (!(message instanceof Hello hello)) {
                turnAway(channel, "its first message is no Hello");
                return;
            }
            switch (admission.decide(hello)) {
                case Denied(var reason) -> {
                    Frames.write(channel, ToMonitor.class, new ToMonitor.Refused(reason));
                    turnAway(channel, reason);
                }
                case Admitted(var expected, var version) -> arrived = welcome(channel, expected, version);
            }
        } catch (MalformedException e) {
            turnAway(channel, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            turnAway(channel, e.toString());
        } finally {
            late.cancel(false);
            strangers.release();
        }
        if (arrived != null) {
            welcomed.accept(arrived);
        }
    }

    /// Who has gone before it was welcomed may come again: it waited for a service that was stopped, and gave up.
    private Arrived welcome(SocketChannel channel, Admission.Expected expected, int version) throws IOException {
        var welcome = new ToMonitor.Welcome(version, expected.session().key(), hold.toMillis());
        try {
            Frames.write(channel, ToMonitor.class, welcome);
        } catch (IOException e) {
            admission.expectAgain(expected);
            throw e;
        }
        return new Arrived(expected, version, channel);
    }

    private static void turnAway(SocketChannel channel, String reason) {
        if (channel.isOpen()) {
            LOG.warn("a connection on the monitors' socket is closed: {}", reason);
        }
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("close a connection: {}", e.toString());
        }
    }

    @Override
    public void close() {
        alarm.shutdownNow();
        try {
            server.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.debug("close the monitors' socket: {}", e.toString());
        }
    }
}
