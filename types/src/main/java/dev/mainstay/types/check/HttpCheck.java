package dev.mainstay.types.check;

import dev.mainstay.spi.ResourceFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.SSLSocketFactory;

/// Asks for a page, by HTTP/1.1 on a connection of its own.
///
/// The JDK's clients replace some header fields, look only at a name's first address, and have no limit for all
/// of an answer: here each byte counts against one.
///
/// @param contains a text that the body must contain; empty for any body, which is not read then
/// @param tls who is trusted; empty for whom the JVM trusts
record HttpCheck(
        HttpTarget page,
        String method,
        Map<String, String> headers,
        StatusRanges expected,
        String contains,
        Optional<Trust> tls)
        implements Check.OfServer {
    private static final String HOST = "Host";
    private static final String AUTHORIZATION = "Authorization";

    HttpCheck {
        headers = Map.copyOf(headers);
    }

    /// Reads a URL, the value of `property`; a status from 200 to 399 is expected.
    static HttpCheck of(String resource, String property, String text) throws ResourceFailure {
        return new HttpCheck(
                HttpTarget.of(resource, property, text), "GET", Map.of(), StatusRanges.USUAL, "", Optional.empty());
    }

    @Override
    public String target() {
        return page.shown();
    }

    @Override
    public String server() {
        return page.host();
    }

    @Override
    public Answer askAt(List<InetAddress> addresses, Duration limit) {
        return Connection.use(addresses, page.port(), limit, socket -> {
            if (!page.secured()) {
                return converse(socket);
            }
            try (var secured = secured(socket)) {
                return converse(secured);
            }
        });
    }

    private Socket secured(Socket plain) throws IOException {
        var factory = tls.map(Trust::factory).orElseGet(() -> (SSLSocketFactory) SSLSocketFactory.getDefault());
        var named = request().getOrDefault(HOST, "").replaceFirst(":\\d+$", "").replaceAll("[\\[\\]]", "");
        return Trust.handshake(
                factory, plain, named, page.port(), tls.filter(Trust::anyName).isPresent());
    }

    private Answer converse(Socket socket) throws IOException {
        var text = new StringBuilder("%s %s HTTP/1.1\r\n".formatted(method, page.path()));
        request()
                .forEach((name, value) ->
                        text.append(name).append(": ").append(value).append("\r\n"));
        socket.getOutputStream().write(text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
        var answer = HttpAnswer.read(socket.getInputStream());
        if (!expected.contain(answer.status())) {
            return new Answer.Unhealthy("status " + answer.status());
        }
        return contains.isEmpty() || answer.contains(contains)
                ? new Answer.Healthy()
                : new Answer.Unhealthy(
                        "status %d, but its body does not contain '%s'".formatted(answer.status(), contains));
    }

    /// The fields of the question; those that the operator wrote count.
    private Map<String, String> request() {
        var fields = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        fields.put(HOST, page.hostField());
        fields.put("User-Agent", "mainstay-check");
        fields.put("Accept", "*/*");
        fields.put("Accept-Encoding", "identity");
        fields.put("Connection", "close");
        page.credentials().ifPresent(value -> fields.put(AUTHORIZATION, value));
        fields.putAll(headers);
        return fields;
    }
}
