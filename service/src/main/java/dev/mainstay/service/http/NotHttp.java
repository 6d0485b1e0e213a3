package dev.mainstay.service.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.Bytes;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/// Takes the connections whose first line is not one of HTTP/1.1; the server would close them without a word.
final class NotHttp implements ServerConnectionSelector {
    private static final String LINE_END = " HTTP/1.1\r";

    private final Supplier<String> refusal;

    /// @param refusal logs the connection and says, as JSON, what is wrong with it
    NotHttp(Supplier<String> refusal) {
        this.refusal = refusal;
    }

    @Override
    public int bytesToIdentifyConnection() {
        return 0;
    }

    @Override
    public Support supports(BufferData begin) {
        var length = begin.indexOf(Bytes.LF_BYTE);
        if (length < 0) {
            return Support.UNKNOWN;
        }
        return begin.readString(length).endsWith(LINE_END) ? Support.UNSUPPORTED : Support.SUPPORTED;
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return Set.of();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        return new Refused(context);
    }

    /// One such connection: it is told what is wrong and closed.
    private final class Refused implements ServerConnection {
        private final ConnectionContext context;

        Refused(ConnectionContext context) {
            this.context = context;
        }

        @Override
        public void handle(Limit limit) {
            var body = refusal.get().getBytes(StandardCharsets.UTF_8);
            var head = "HTTP/1.1 400 Bad Request\r\n%s: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                    .formatted(Answers.JSON.name(), Answers.JSON.get(), body.length)
                    .getBytes(StandardCharsets.US_ASCII);
            context.dataWriter().writeNow(BufferData.create(BufferData.create(head), BufferData.create(body)));
        }

        @Override
        @SuppressWarnings({"deprecation", "removal"})
        public void handle(Semaphore requests) {
            throw new UnsupportedOperationException("the server limits connections, not requests");
        }

        @Override
        public Duration idleTime() {
            return Duration.ZERO;
        }

        @Override
        public void close(boolean interrupt) {
            // It ends by itself as soon as it is answered.
        }
    }
}
