package dev.mainstay.monitor.link;

import dev.mainstay.protocol.Frames;
import dev.mainstay.protocol.ProtocolVersion;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import dev.mainstay.protocol.ToService.Hello;
import dev.mainstay.protocol.WireCodec.MalformedException;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import jdk.net.ExtendedSocketOptions;

/// The connection to the cluster service: made at the start, and made again after a loss for as long as the
/// service told the monitor to hold its resources.
///
/// **Threads:** [#run] reads on the calling thread until the link ends; one more thread writes.
public final class ServiceLink {
    /// How often a lost service is tried again, in milliseconds: a service that is back is found at once, in
    /// human terms, and a try costs a few microseconds.
    static final long RETRY_MILLIS = 100;

    private final Path socket;
    private final String monitor;
    private final Hello.ProcessRef process;
    private final Outbox outbox;
    private final Supplier<ToService.Inventory> inventory;
    private String credential;
    private long holdMillis;
    private boolean welcomed;
    // Written by the reader, closed by whoever ends the monitor.
    private volatile Optional<SocketChannel> current = Optional.empty();
    private volatile boolean ended;

    /// Who connects where.
    ///
    /// @param holdMillis how long to try again, until the service says otherwise; in milliseconds
    public record Settings(Path socket, String monitor, String token, long holdMillis, Hello.ProcessRef process) {}

    /// @param inventory is asked for everything that is held, whenever the service is to be told
    public ServiceLink(Settings settings, Outbox outbox, Supplier<ToService.Inventory> inventory) {
        this.socket = settings.socket();
        this.monitor = settings.monitor();
        this.process = settings.process();
        this.credential = settings.token();
        this.holdMillis = settings.holdMillis();
        this.outbox = outbox;
        this.inventory = inventory;
    }

    /// How a link ended for good.
    public enum End {
        /// The service was never reached or did not accept this monitor at the first try.
        NEVER_ACCEPTED,
        /// The service refused a monitor that it had accepted before.
        REFUSED,
        /// The service was lost and nobody came back within the hold time.
        LOST,
        /// This monitor ended the link.
        ENDED
    }

    private enum Visit {
        UNREACHED,
        REFUSED,
        LOST
    }

    /// Keeps the connection until it ends for good.
    ///
    /// @param orders is handed every message but the greeting and the question for an inventory; must not block
    public End run(Consumer<ToMonitor> orders) throws InterruptedException {
        long lostAt = System.nanoTime();
        while (!ended) {
            switch (visit(orders)) {
                case REFUSED -> {
                    return welcomed ? End.REFUSED : End.NEVER_ACCEPTED;
                }
                case LOST -> lostAt = System.nanoTime();
                case UNREACHED -> {
                    if (!welcomed) {
                        return End.NEVER_ACCEPTED;
                    }
                    if ((System.nanoTime() - lostAt) / 1_000_000 >= holdMillis) {
                        return End.LOST;
                    }
                    synchronized (this) {
                        if (!ended) {
                            wait(RETRY_MILLIS);
                        }
                    }
                }
            }
        }
        return End.ENDED;
    }

    /// Ends the link from this side, after what waits has been written or the limit is over.
    public void end(long limitMillis) throws InterruptedException {
        outbox.drain(limitMillis);
        synchronized (this) {
            ended = true;
            notifyAll();
        }
        outbox.disconnected();
        current.ifPresent(ServiceLink::closeQuietly);
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            OwnLog.line(Level.DEBUG, "", "closing the connection: " + e);
        }
    }

    private Visit visit(Consumer<ToMonitor> orders) {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            current = Optional.of(channel);
            checkPeer(channel);
            Frames.write(
                    channel,
                    ToService.class,
                    new Hello(ProtocolVersion.OLDEST, ProtocolVersion.NEWEST, monitor, credential, process));
            return switch (Frames.read(channel, ToMonitor.class)) {
                case ToMonitor.Welcome welcome -> serve(channel, welcome, orders);
                case ToMonitor.Refused(var reason) -> {
                    OwnLog.line(
                            Level.ERROR, "", "the service at %s refuses this monitor: %s".formatted(socket, reason));
                    yield Visit.REFUSED;
                }
                case ToMonitor other ->
                    throw new MalformedException("a %s instead of a greeting"
                            .formatted(other.getClass().getSimpleName()));
            };
        } catch (IOException | MalformedException e) {
            if (!welcomed) {
                OwnLog.line(Level.ERROR, "", "cannot connect to the service at %s: %s".formatted(socket, e));
            }
            return Visit.UNREACHED;
        } finally {
            current = Optional.empty();
        }
    }

    private void checkPeer(SocketChannel channel) throws IOException {
        var peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
        var self = Files.getOwner(Path.of("/proc/self"));
        if (!peer.equals(self)) {
            throw new IOException("the service at %s runs as '%s', this monitor as '%s'. Run both as one user."
                    .formatted(socket, peer.getName(), self.getName()));
        }
    }

    private Visit serve(SocketChannel channel, ToMonitor.Welcome welcome, Consumer<ToMonitor> orders)
            throws IOException {
        welcomed = true;
        credential = welcome.sessionKey();
        if (welcome.holdMillis() > 0) {
            holdMillis = welcome.holdMillis();
        }
        outbox.connected(inventory);
        var writer = new Thread(() -> write(channel), "link writer");
        writer.setDaemon(true);
        writer.start();
        try {
            while (true) {
                switch (Frames.read(channel, ToMonitor.class)) {
                    case ToMonitor.Ask _ -> outbox.tellAll(inventory);
                    case ToMonitor order -> orders.accept(order);
                }
            }
        } catch (EOFException e) {
            lost("it closed the connection");
        } catch (MalformedException e) {
            lost("it sent something unreadable: " + e.getMessage());
        } catch (IOException e) {
            lost(e.toString());
        } finally {
            outbox.disconnected();
            channel.close();
            join(writer);
        }
        return Visit.LOST;
    }

    private void lost(String why) {
        if (!ended) {
            OwnLog.line(
                    Level.WARNING,
                    "",
                    "the service is lost: %s. Everything goes on and the service is tried again for %d ms."
                            .formatted(why, holdMillis));
        }
    }

    private void write(SocketChannel channel) {
        try {
            for (var message = outbox.take(); message.isPresent(); message = outbox.take()) {
                Frames.write(channel, ToService.class, message.get());
            }
        } catch (IOException e) {
            // The reader sees the end of the same connection and logs it.
            closeQuietly(channel);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void join(Thread writer) {
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
