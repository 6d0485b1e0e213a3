package dev.mainstay.monitor.link;

import dev.mainstay.protocol.Frames;
import dev.mainstay.protocol.Inventories;
import dev.mainstay.protocol.Limits;
import dev.mainstay.protocol.ProtocolVersion;
import dev.mainstay.protocol.Silence;
import dev.mainstay.protocol.Texts;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService;
import dev.mainstay.protocol.ToService.Hello;
import dev.mainstay.protocol.WireCodec.MalformedException;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

    /// The longest pause between two tries, in milliseconds, when connections do not last: far below the hold
    /// time, and few enough to leave the machine alone.
    static final long RETRY_MAX_MILLIS = 2_000;

    /// A connection that lasted this long, in milliseconds, was a good one, however it ended.
    static final long LASTING_MILLIS = 10_000;

    /// How long connecting and greeting may take, in milliseconds: a service that is well answers in one; longer
    /// than a pause for collecting garbage, much shorter than the hold time.
    static final long HANDSHAKE_MILLIS = 5_000;

    /// How long the first connection is tried again, in milliseconds: a service that has started this monitor
    /// listens already, unless it is being started again itself.
    static final long FIRST_MILLIS = 5_000;

    /// Messages written at once; the first of them must not wait for too many others.
    private static final int BATCH_MAX = 64;

    private final Path socket;
    private final String monitor;
    private final Hello.ProcessRef process;
    private final Outbox outbox;
    private final Supplier<ToService.Inventory> inventory;
    private final Consumer<Throwable> bugs;
    private String credential;
    private long holdMillis;
    private boolean welcomed;
    private long lostAt;
    private long pauseMillis;
    private String lastTrouble = "";
    private boolean beaten;
    private Silence.Rule silenceRule = Silence.Rule.USUAL;
    // Written by the reader, read by the thread that listens.
    private volatile Optional<Silence> silence = Optional.empty();
    private volatile Duration beatPeriod = Silence.Rule.USUAL.period();
    // Written by the reader, closed by whoever ends the monitor.
    private volatile Optional<SocketChannel> current = Optional.empty();
    private volatile boolean ended;

    /// Who connects where.
    ///
    /// @param holdMillis how long to try again, until the service says otherwise; in milliseconds
    public record Settings(Path socket, String monitor, String token, long holdMillis, Hello.ProcessRef process) {}

    /// @param inventory is asked for everything that is held, whenever the service is to be told
    /// @param bugs is told what ended a thread of the link, and ends the process
    public ServiceLink(
            Settings settings, Outbox outbox, Supplier<ToService.Inventory> inventory, Consumer<Throwable> bugs) {
        this.socket = settings.socket();
        this.monitor = settings.monitor();
        this.process = settings.process();
        this.credential = settings.token();
        this.holdMillis = settings.holdMillis();
        this.outbox = outbox;
        this.inventory = inventory;
        this.bugs = bugs;
    }

    /// How a link ended for good.
    public enum End {
        /// The service was never reached or did not accept this monitor at the first try.
        NEVER_ACCEPTED,
        /// The service was lost and nobody came back within the hold time.
        LOST,
        /// This monitor ended the link.
        ENDED
    }

    private enum Visit {
        UNREACHED,
        /// It was refused: by a service that knows nothing of it, or that has not seen the end of the connection
        /// before this one yet.
        REFUSED,
        /// It was welcomed and the connection ended by itself or lasted long enough to count as good.
        LOST,
        /// It was welcomed and then told nonsense: no better than not being there.
        TALKED_NONSENSE
    }

    /// Keeps the connection until it ends for good.
    ///
    /// @param orders is handed every message but the greeting and the question for an inventory; must not block
    public End run(Consumer<ToMonitor> orders) throws InterruptedException {
        lostAt = System.nanoTime();
        while (!ended) {
            switch (visit(orders)) {
                case REFUSED -> {
                    if (!welcomed) {
                        return End.NEVER_ACCEPTED;
                    }
                    pauseMillis = Math.clamp(2 * pauseMillis, RETRY_MILLIS, RETRY_MAX_MILLIS);
                }
                case LOST -> lostAt = lostSince();
                case UNREACHED -> pauseMillis = RETRY_MILLIS;
                case TALKED_NONSENSE -> {
                    // the time without a service goes on
                }
            }
            if (leftMillis() <= 0) {
                return ended ? End.ENDED : welcomed ? End.LOST : End.NEVER_ACCEPTED;
            }
            pause();
        }
        return End.ENDED;
    }

    /// How much is left of the time for which the service is tried again, in milliseconds.
    private long leftMillis() {
        return (welcomed ? holdMillis : FIRST_MILLIS) - millisSince(lostAt);
    }

    /// Whoever is welcomed and then hears nothing is without a service still.
    private long lostSince() {
        return silence.isEmpty()
                ? System.nanoTime()
                : beaten ? System.nanoTime() - silence.get().lasted().toNanos() : lostAt;
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }

    private synchronized void pause() throws InterruptedException {
        long begin = System.nanoTime();
        for (long left = pauseMillis; !ended && left > 0; left = pauseMillis - millisSince(begin)) {
            wait(left);
        }
        // a time in which this process was stopped is not one in which it looked for the service
        long over = millisSince(begin) - pauseMillis - RETRY_MAX_MILLIS;
        lostAt += Math.max(0, over) * 1_000_000;
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
        var greeted = new CountDownLatch(1);
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            current = Optional.of(channel);
            limitHandshake(channel, greeted);
            channel.connect(UnixDomainSocketAddress.of(socket));
            checkPeer(channel);
            Frames.write(
                    channel,
                    ToService.class,
                    new Hello(ProtocolVersion.OLDEST, ProtocolVersion.NEWEST, monitor, credential, process));
            var answer = Frames.read(channel, ToMonitor.class);
            greeted.countDown();
            return switch (answer) {
                case ToMonitor.Welcome welcome -> serve(channel, welcome, orders);
                case ToMonitor.Refused(var reason) -> {
                    unreached("it refuses this monitor: " + reason.replaceFirst("\\.$", ""));
                    yield Visit.REFUSED;
                }
                case ToMonitor other ->
                    throw new MalformedException("a %s instead of a greeting"
                            .formatted(other.getClass().getSimpleName()));
            };
        } catch (AsynchronousCloseException e) {
            unreached("it did not answer the greeting within %d ms".formatted(HANDSHAKE_MILLIS));
            return Visit.UNREACHED;
        } catch (IOException | MalformedException e) {
            unreached(e.toString());
            return Visit.UNREACHED;
        } finally {
            greeted.countDown();
            current = Optional.empty();
        }
    }

    /// Closes the connection unless it is greeted in time: neither connecting nor reading has a limit of its own.
    private void limitHandshake(SocketChannel channel, CountDownLatch greeted) {
        var limit = Math.clamp(leftMillis(), RETRY_MILLIS, HANDSHAKE_MILLIS);
        Thread.ofVirtual().name("handshake limit").start(() -> {
            try {
                if (!greeted.await(limit, TimeUnit.MILLISECONDS)) {
                    closeQuietly(channel);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /// Says why there is no connection, once for each reason in a row.
    private void unreached(String why) {
        if (!ended && !why.equals(lastTrouble)) {
            lastTrouble = why;
            OwnLog.line(
                    Level.WARNING,
                    "",
                    "cannot connect to the service at %s: %s. It is tried again for %d ms."
                            .formatted(socket, why, Math.max(0, leftMillis())));
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
        long begin = System.nanoTime();
        boolean nonsense = false;
        welcomed = true;
        lastTrouble = "";
        credential = welcome.sessionKey();
        if (welcome.holdMillis() > 0) {
            holdMillis = welcome.holdMillis();
        }
        silence = welcome.version() < ProtocolVersion.BEATS
                ? Optional.empty()
                : Optional.of(new Silence(Silence.Rule.USUAL, begin, Instant.now()));
        silenceRule = Silence.Rule.USUAL;
        beatPeriod = silenceRule.period();
        beaten = false;
        var pen = pen(channel);
        outbox.connected(pen, inventory);
        var writer = new Thread(() -> write(pen), "link writer");
        writer.setDaemon(true);
        writer.setUncaughtExceptionHandler((_, bug) -> bugs.accept(bug));
        writer.start();
        silence.ifPresent(listening -> listen(channel, listening));
        var frames = new Frames.Reader(channel);
        try {
            while (true) {
                switch (frames.read(ToMonitor.class)) {
                    case ToMonitor.Ask _ -> outbox.tellAll(inventory);
                    case ToMonitor.Beat beat -> {
                        heard(beat);
                        orders.accept(beat);
                    }
                    case ToMonitor order -> orders.accept(order);
                }
            }
        } catch (EOFException e) {
            lost("it closed the connection");
        } catch (MalformedException e) {
            nonsense = true;
            lost("it sent something unreadable: " + e.getMessage());
        } catch (IOException e) {
            lost(e.toString());
        } finally {
            outbox.disconnected();
            channel.close();
            join(writer);
        }
        if (millisSince(begin) >= LASTING_MILLIS) {
            pauseMillis = 0;
            return Visit.LOST;
        }
        pauseMillis = Math.clamp(2 * pauseMillis, RETRY_MILLIS, RETRY_MAX_MILLIS);
        return nonsense ? Visit.TALKED_NONSENSE : Visit.LOST;
    }

    /// Only a beat shows that there is a service: a connection may stay open when nobody is behind it.
    private void heard(ToMonitor.Beat beat) {
        var rule = new Silence.Rule(Duration.ofMillis(beat.periodMillis()), Duration.ofMillis(beat.silenceMillis()));
        var now = Instant.now();
        if (!rule.equals(silenceRule)) {
            silenceRule = rule;
            silence = Optional.of(new Silence(rule, System.nanoTime(), now));
            beatPeriod = rule.period();
        }
        silence.ifPresent(listening -> listening.heard(now));
        beaten = true;
    }

    /// Closes a connection on which nothing is heard any more; the time without a service began with the silence.
    private void listen(SocketChannel channel, Silence first) {
        var listener = new Thread(
                () -> {
                    try {
                        while (channel.isOpen()) {
                            Thread.sleep(beatPeriod);
                            var listening = silence.orElse(first);
                            if (listening.look(System.nanoTime()) == Silence.Finding.OVER && channel.isOpen()) {
                                OwnLog.line(
                                        Level.WARNING,
                                        "",
                                        "the service is silent since %s (%d ms): the connection is of no use."
                                                .formatted(
                                                        listening.heardAt(),
                                                        listening.lasted().toMillis()));
                                closeQuietly(channel);
                            }
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "silence");
        listener.setDaemon(true);
        listener.setUncaughtExceptionHandler((_, bug) -> bugs.accept(bug));
        listener.start();
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

    private Outbox.Pen pen(SocketChannel channel) {
        var frames = new Frames.Writer(channel, ToService.class);
        return messages -> {
            try {
                for (var message : messages) {
                    for (var part : sendable(message)) {
                        frames.add(part);
                    }
                }
                frames.flush();
            } catch (RuntimeException | Error bug) {
                // a monitor that cannot tell is of no use: the next one adopts
                bugs.accept(bug);
            } catch (IOException e) {
                // The reader sees the end of the same connection and logs it.
                closeQuietly(channel);
            }
        };
    }

    /// Whatever a type says, what is sent has a limit; an inventory goes in as many frames as it needs.
    private static List<ToService> sendable(ToService message) {
        var cut = Texts.cut(message);
        return cut instanceof ToService.Inventory whole
                ? Inventories.parts(whole, Limits.INVENTORY_PART)
                : List.of(cut);
    }

    private void write(Outbox.Pen pen) {
        try {
            for (var message = outbox.take(pen); message.isPresent(); message = outbox.take(pen)) {
                var batch = new ArrayList<>(List.of(message.get()));
                for (var more = outbox.more(); more.isPresent(); ) {
                    batch.add(more.get());
                    more = batch.size() < BATCH_MAX ? outbox.more() : Optional.empty();
                }
                pen.write(batch);
            }
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
