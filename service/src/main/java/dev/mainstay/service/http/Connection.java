package dev.mainstay.service.http;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// One client on the socket of the API: its requests one after another.
///
/// **Threads:** a virtual thread of its own; [#look] and [#shut] from any.
/// **Time:** a head, a body and an answer each have their limit, see [Clients]; the work for an answer has
/// those of its route.
final class Connection implements Runnable {
    /// What it waits for; the first is the first to be given up.
    enum Doing {
        /// The client, to send.
        READING,
        /// The client, to take its answer.
        WRITING,
        /// The cluster.
        WORKING
    }

    private final SocketChannel channel;
    private final String user;
    private final Clients clients;
    private final Answers answers;

    // Volatile: written by the thread of the connection, read by those that look after all of them.
    private volatile Doing doing = Doing.READING;
    private volatile long sinceNanos = System.nanoTime();
    private volatile long limitNanos = Clients.READ_LIMIT.toNanos();
    private final AtomicLong held = new AtomicLong();
    /// The client did not send in time and is told so.
    private volatile boolean late;

    private volatile boolean shut;

    /// @param user who the kernel says it is
    Connection(SocketChannel channel, String user, Clients clients, Answers answers) {
        this.channel = channel;
        this.user = user;
        this.clients = clients;
        this.answers = answers;
    }

    String user() {
        return user;
    }

    Doing doing() {
        return doing;
    }

    long sinceNanos() {
        return sinceNanos;
    }

    /// Bytes held for it while it sends or receives.
    long held() {
        return held.get();
    }

    /// Whether it was given up, so that nobody waits for its answer.
    boolean isShut() {
        return shut;
    }

    /// Ends its reading or writing when the time for that is over.
    void look(long now) {
        if (doing == Doing.WORKING || now - sinceNanos < limitNanos) {
            return;
        }
        if (doing == Doing.READING && !late) {
            late = true;
            endInput();
        } else if (now - sinceNanos > limitNanos + Clients.READ_LIMIT.toNanos() || doing == Doing.WRITING) {
            shut();
        }
    }

    /// A reader sees the end of its input and can still answer.
    private void endInput() {
        try {
            channel.shutdownInput();
        } catch (IOException broken) {
            shut();
        }
    }

    void shut() {
        shut = true;
        try {
            channel.close();
        } catch (IOException alreadyBroken) {
            // Its reader and its writer see the same.
            clients.remove(this);
        }
    }

    @Override
    public void run() {
        try {
            var in = new BufferedInputStream(Channels.newInputStream(channel));
            while (!shut && serve(in)) {
                enter(Doing.READING, Clients.IDLE_LIMIT);
            }
        } catch (IOException gone) {
            answers.left(gone);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } finally {
            clients.remove(this);
            shut();
        }
    }

    /// Answers one request; whether there may be another.
    private boolean serve(BufferedInputStream in) throws IOException, InterruptedException {
        try {
            in.mark(1);
            if (in.read() < 0) {
                return false;
            }
            in.reset();
            enter(Doing.READING, Clients.READ_LIMIT);
            var head = HttpHead.read(in);
            if (head.isEmpty()) {
                return false;
            }
            enter(Doing.WORKING, Duration.ZERO);
            var body = HttpBody.of(head.get(), in, () -> receive(head.get()), this::hold);
            answers.answer(new Exchange(head.get(), () -> read(body), this));
            return body.done() && !head.get().last() && !late;
        } catch (EOFException halfWay) {
            if (!late) {
                throw halfWay;
            }
            answers.refuse(
                    new HttpError(
                            408,
                            "the request did not arrive within %d s".formatted(Clients.READ_LIMIT.toSeconds()),
                            "Send it in one go."),
                    this);
            return false;
        } catch (HttpError refused) {
            answers.refuse(refused, this);
            return false;
        }
    }

    private byte[] read(HttpBody body) throws IOException {
        try {
            return body.read();
        } finally {
            held.set(0);
            enter(Doing.WORKING, Duration.ZERO);
        }
    }

    private void receive(HttpHead head) {
        enter(Doing.READING, Clients.READ_LIMIT);
        if (head.all("expect").stream().anyMatch("100-continue"::equalsIgnoreCase)) {
            try {
                channel.write(
                        java.nio.ByteBuffer.wrap("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            } catch (IOException gone) {
                shut();
            }
        }
    }

    private void hold(int bytes) {
        held.addAndGet(bytes);
        clients.weigh();
    }

    private void enter(Doing next, Duration limit) {
        sinceNanos = System.nanoTime();
        limitNanos = limit.toNanos();
        doing = next;
    }

    /// Sends a whole answer.
    void send(int status, String contentType, String text, Map<String, String> headers) throws IOException {
        var body = text.getBytes(StandardCharsets.UTF_8);
        var all = new LinkedHashMap<>(headers);
        all.put("Content-Length", Integer.toString(body.length));
        held.set(body.length);
        clients.weigh();
        enter(Doing.WRITING, Clients.WRITE_LIMIT);
        try {
            var out = Channels.newOutputStream(channel);
            var head = head(status, contentType, all);
            var bytes = new byte[head.length + body.length];
            System.arraycopy(head, 0, bytes, 0, head.length);
            System.arraycopy(body, 0, bytes, head.length, body.length);
            out.write(bytes);
        } finally {
            held.set(0);
        }
    }

    /// Begins an answer without an end: what is written goes out at once, and the connection ends with it.
    OutputStream stream(String contentType) throws IOException {
        var out = Channels.newOutputStream(channel);
        enter(Doing.WRITING, Clients.WRITE_LIMIT);
        out.write(head(200, contentType, Map.of("Cache-Control", "no-store", "Connection", "close")));
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                enter(Doing.WRITING, Clients.WRITE_LIMIT);
                out.write(bytes, offset, length);
                enter(Doing.WORKING, Duration.ZERO);
            }
        };
    }

    private static byte[] head(int status, String contentType, Map<String, String> headers) {
        var text = new StringBuilder(
                "HTTP/1.1 %d %s\r\nContent-Type: %s\r\n".formatted(status, HttpStatus.reason(status), contentType));
        headers.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        return text.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }
}
