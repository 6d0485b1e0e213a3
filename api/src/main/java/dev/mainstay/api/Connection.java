package dev.mainstay.api;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// One HTTP/1.1 exchange over a Unix socket.
///
/// **Threads:** one caller; a daemon thread closes the channel when the time is over, because a blocking channel
/// has no time limit of its own.
/// **Source:** ADR 0006.
final class Connection implements AutoCloseable {
    private final SocketChannel channel;
    private final Thread watchdog;
    // volatile: the watchdog reads it, the caller extends it
    private volatile long deadlineNanos;
    // volatile: written by one of the two threads, read by the other
    private volatile boolean timedOut;
    private volatile boolean closed;

    private Connection(SocketChannel channel, Duration limit) {
        this.channel = channel;
        this.deadlineNanos = System.nanoTime() + limit.toNanos();
        this.watchdog = Thread.ofPlatform().daemon().name("mainstay-api-limit").unstarted(this::watch);
    }

    /// Connects; refused or missing is an IOException.
    static Connection open(Path socket, Duration limit) throws IOException {
        var address = UnixDomainSocketAddress.of(socket);
        var connection = new Connection(SocketChannel.open(StandardProtocolFamily.UNIX), limit);
        try {
            connection.watchdog.start();
            connection.channel.connect(address);
            return connection;
        } catch (IOException | RuntimeException refused) {
            connection.close();
            throw refused;
        }
    }

    /// Whether the time was over; then reads and writes ended with an IOException.
    boolean timedOut() {
        return timedOut;
    }

    /// Gives the exchange new time, counted from now.
    void extend(Duration limit) {
        deadlineNanos = System.nanoTime() + limit.toNanos();
    }

    /// Sends the request and reads the head of the answer.
    ///
    /// A service may answer before it has read the whole body (too large): then the answer counts.
    Reply exchange(Request request, String user) throws IOException {
        IOException unsent = null;
        try {
            write(ByteBuffer.wrap(request.head(user)));
            write(request.body().duplicate());
        } catch (IOException broken) {
            unsent = broken;
        }
        try {
            return Reply.read(new BufferedInputStream(input(), Reply.BUFFER_BYTES));
        } catch (IOException unanswered) {
            if (unsent != null) {
                unanswered.addSuppressed(unsent);
            }
            throw unanswered;
        }
    }

    private InputStream input() {
        return Channels.newInputStream(channel);
    }

    private void write(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private void watch() {
        while (!closed) {
            var left = deadlineNanos - System.nanoTime();
            if (left <= 0) {
                timedOut = true;
                shut();
                return;
            }
            LockSupport.parkNanos(this, left);
        }
    }

    private void shut() {
        try {
            channel.close();
        } catch (IOException alreadyBroken) {
            // Nothing depends on how a connection that is given up ends; the reader sees its own error.
            closed = true;
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(watchdog);
        shut();
    }
}
