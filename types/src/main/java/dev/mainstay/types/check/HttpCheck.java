package dev.mainstay.types.check;

import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;

/// Asks for a page; the JDK's old client loads fewer classes than the new one, which counts after a restart.
///
/// @param contains a text that the body must contain; empty for any body, which is not read then
/// @param tls who is trusted; empty for whom the JVM trusts
record HttpCheck(
        URI uri,
        String method,
        Map<String, String> headers,
        StatusRanges expected,
        String contains,
        Optional<Trust> tls)
        implements Check {
    /// A page longer than this is not searched to its end.
    private static final int BODY_MAX = 1 << 20;

    HttpCheck {
        headers = Map.copyOf(headers);
    }

    /// Reads a URL, the value of `property`; a status from 200 to 399 is expected.
    static HttpCheck of(String resource, String property, String text) throws ResourceFailure {
        try {
            var uri = URI.create(text);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                return new HttpCheck(uri, "GET", Map.of(), StatusRanges.USUAL, "", Optional.empty());
            }
        } catch (IllegalArgumentException notUri) {
            throw notUrl(resource, property, text, notUri);
        }
        throw notUrl(resource, property, text, new IllegalArgumentException("no http or https URL with a host"));
    }

    private static ResourceFailure notUrl(String resource, String property, String text, Exception cause) {
        return new ResourceFailure(
                "reading %s of '%s': '%s' is not a URL that can be asked (%s). Write http://host:port/path"
                        .formatted(property, resource, text, cause.getMessage()),
                cause);
    }

    @Override
    public String target() {
        return uri.toString();
    }

    @Override
    public Optional<String> host() {
        return Optional.of(uri.getHost());
    }

    @Override
    public Answer ask(Duration limit) {
        var begin = System.nanoTime();
        try {
            var connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
            try {
                prepare(connection, limit);
                var status = connection.getResponseCode();
                if (!expected.contain(status)) {
                    return new Answer.Unhealthy("status " + status);
                }
                return contains.isEmpty() || bodyContains(connection, begin, limit)
                        ? new Answer.Healthy()
                        : new Answer.Unhealthy(
                                "status %d, but its body does not contain '%s'".formatted(status, contains));
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return Answer.of(e, limit);
        }
    }

    private void prepare(HttpURLConnection connection, Duration limit) throws IOException {
        connection.setConnectTimeout((int) limit.toMillis());
        connection.setReadTimeout((int) limit.toMillis());
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setRequestMethod(method);
        connection.setRequestProperty("User-Agent", "mainstay-check");
        connection.setRequestProperty("Connection", "close");
        headers.forEach(connection::setRequestProperty);
        if (tls.isPresent() && connection instanceof HttpsURLConnection secured) {
            tls.get().applyTo(secured);
        }
    }

    /// A body that drips in slowly must not outlast the limit, which the socket applies to each read alone.
    private boolean bodyContains(HttpURLConnection connection, long begin, Duration limit) throws IOException {
        try (InputStream body = stream(connection)) {
            var seen = new byte[BODY_MAX];
            var length = 0;
            for (int read = 0; read >= 0 && length < BODY_MAX; length += Math.max(read, 0)) {
                if (System.nanoTime() - begin > limit.toNanos()) {
                    throw new SocketTimeoutException("the body came too slowly");
                }
                read = body.read(seen, length, Math.min(BODY_MAX - length, 1 << 16));
            }
            return new String(seen, 0, length, StandardCharsets.UTF_8).contains(contains);
        }
    }

    private static InputStream stream(HttpURLConnection connection) throws IOException {
        var error = connection.getErrorStream();
        return error == null ? connection.getInputStream() : error;
    }
}
