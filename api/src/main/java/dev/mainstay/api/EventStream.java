package dev.mainstay.api;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Facts of the journal as they come; goes on after the last one when the connection breaks.
///
/// **Threads:** [#next] on one thread; [#close] from any, it ends a waiting [#next].
/// **Errors:** [ClusterException] when the service stays away longer than the patience, or refuses.
public final class EventStream implements AutoCloseable {
    /// The service writes a comment every 15 s; three missing ones mean that it hangs.
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(45);

    /// Between two attempts to find the service again.
    private static final Duration RETRY_DELAY = Duration.ofMillis(200);

    private final Path socket;
    private final String user;
    private final Duration patience;
    private String last;
    // volatile: close() may come from another thread
    private volatile @Nullable Connection connection;
    private volatile boolean closed;
    private @Nullable BufferedReader lines;
    private Optional<Long> giveUpAt = Optional.empty();

    EventStream(Path socket, String user, String after, Duration patience) {
        this.socket = socket;
        this.user = user;
        this.last = after;
        this.patience = patience;
    }

    /// Connects now, so that no fact after this call is missed; otherwise [#next] does.
    public void open() {
        try {
            connect();
        } catch (IOException broken) {
            throw Refusals.broken(socket, request(), broken);
        }
    }

    /// Waits for the next fact; empty once the stream is closed.
    public Optional<EventView> next() {
        while (!closed) {
            try {
                var event = read();
                giveUpAt = Optional.empty();
                return Optional.of(event);
            } catch (ClusterException refused) {
                tryAgainUnless(refused.code().category() != ErrorCode.Category.UNAVAILABLE, refused);
            } catch (IOException broken) {
                tryAgainUnless(false, Refusals.broken(socket, request(), broken));
            }
        }
        return Optional.empty();
    }

    /// The next turn connects again and goes on after the last fact.
    private void tryAgainUnless(boolean hopeless, ClusterException trouble) {
        disconnect();
        if (closed) {
            return;
        }
        long limit = giveUpAt.orElseGet(() -> System.nanoTime() + patience.toNanos());
        giveUpAt = Optional.of(limit);
        if (hopeless || System.nanoTime() - limit > 0 || !Client.pause(RETRY_DELAY)) {
            throw trouble;
        }
    }

    private EventView read() throws IOException {
        var reader = lines == null ? connect() : lines;
        var text = new StringBuilder();
        for (var line = reader.readLine(); line != null; line = reader.readLine()) {
            var open = connection;
            if (open != null) {
                open.extend(SILENCE_LIMIT);
            }
            if (line.startsWith("data:")) {
                text.append(line.substring(5).strip());
            } else if (line.isEmpty() && !text.isEmpty()) {
                return understood(text.toString());
            }
        }
        throw new EOFException("the stream ended");
    }

    private EventView understood(String json) {
        try {
            var event = JsonText.read(EventView.class, json);
            last = event.id();
            return event;
        } catch (RuntimeException notOurs) {
            throw Refusals.notUnderstood(socket, request(), notOurs);
        }
    }

    private BufferedReader connect() throws IOException {
        var request = request();
        var opened = Client.connect(socket, request);
        connection = opened;
        var reply = opened.exchange(request, user);
        if (reply.status() != 200) {
            throw Refusals.refused(request, reply.status(), reply.text(Reply.BUFFER_BYTES));
        }
        var reader = new BufferedReader(new InputStreamReader(reply.body(), StandardCharsets.UTF_8));
        lines = reader;
        return reader;
    }

    private Request request() {
        return Request.get("follow the events", "events")
                .query("after", last)
                .header("Accept", "text/event-stream")
                .limit(SILENCE_LIMIT)
                .build();
    }

    private void disconnect() {
        lines = null;
        var open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() {
        closed = true;
        var open = connection;
        if (open != null) {
            open.close();
        }
    }
}
