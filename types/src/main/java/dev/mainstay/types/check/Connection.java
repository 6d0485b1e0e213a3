package dev.mainstay.types.check;

import dev.mainstay.types.check.Check.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A TCP connection that is closed when its time is over, whatever is done with it then.
///
/// The limits of a socket hold for each read alone: who sends a byte now and then would never meet one.
///
/// **Threads:** one uses it; another one closes it at its limit.
final class Connection implements AutoCloseable {
    private final Duration limit;
    private final long until;
    private final Thread guard;
    // guarded by this
    private Socket socket = new Socket();
    private boolean over;

    private Connection(Duration limit) {
        this.limit = limit;
        this.until = System.nanoTime() + limit.toNanos();
        this.guard = Thread.ofVirtual().name("end of a check").unstarted(this::closeAtLimit);
    }

    /// What is done with an open connection.
    @FunctionalInterface
    interface Use {
        Answer with(Socket socket) throws IOException;
    }

    /// Connects to the first of the addresses that accepts, and answers what `use` does.
    ///
    /// **Time:** `limit` for all of it.
    static Answer use(List<InetAddress> addresses, int port, Duration limit, Use use) {
        try (var connection = new Connection(limit)) {
            connection.guard.start();
            return connection.tryAll(addresses, port, use);
        }
    }

    private Answer tryAll(List<InetAddress> addresses, int port, Use use) {
        var failures = new ArrayList<Answer>();
        for (int i = 0; i < addresses.size(); i++) {
            // a silent address leaves those behind it their share of the time
            var share = (until - System.nanoTime()) / (addresses.size() - i);
            try {
                connect(new InetSocketAddress(addresses.get(i), port), Duration.ofNanos(share));
            } catch (IOException e) {
                failures.add(failure(e));
                continue;
            }
            try {
                return use.with(current());
            } catch (IOException e) {
                return failure(e);
            }
        }
        return allFailed(addresses, failures);
    }

    private Answer allFailed(List<InetAddress> addresses, List<Answer> failures) {
        if (failures.isEmpty()) {
            return Answer.of(new UnknownHostException("it has no address"), limit);
        }
        var late = failures.stream().anyMatch(Answer.TimedOut.class::isInstance);
        var words = failures.stream().map(Answer::words).distinct().toList();
        var at = addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
        var why = String.join("; ", words) + (addresses.size() > 1 ? ", at each of its addresses " + at : "");
        return late ? new Answer.TimedOut(why) : new Answer.Unhealthy(why);
    }

    private void connect(InetSocketAddress address, Duration share) throws IOException {
        var fresh = new Socket();
        synchronized (this) {
            if (over) {
                fresh.close();
                throw new SocketTimeoutException("no time is left");
            }
            socket.close();
            socket = fresh;
        }
        fresh.connect(address, (int) Math.max(1, share.toMillis()));
        fresh.setTcpNoDelay(true);
    }

    private Answer failure(IOException e) {
        return isOver() ? Answer.noneWithin(limit) : Answer.of(e, limit);
    }

    private void closeAtLimit() {
        try {
            Thread.sleep(Duration.ofNanos(Math.max(0, until - System.nanoTime())));
            close();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Socket current() {
        return socket;
    }

    private synchronized boolean isOver() {
        return over;
    }

    @Override
    public void close() {
        guard.interrupt();
        synchronized (this) {
            over = true;
            try {
                socket.close();
            } catch (IOException gone) {
                System.getLogger(Connection.class.getName())
                        .log(System.Logger.Level.DEBUG, "closing the connection of a check", gone);
            }
        }
    }
}
