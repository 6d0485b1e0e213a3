package dev.mainstay.api;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One HTTP request to the cluster service.
///
/// @param asked what is asked, as it reads after "cannot", such as `move group 'web' to node 'n2'`
/// @param changing whether its outcome is unknown when no answer comes
/// @param repeatable whether its key is known to all nodes, so that it may be sent again when no answer came
/// @param target path and query, already escaped
/// @param limit time for the whole exchange
record Request(
        String asked,
        boolean changing,
        boolean repeatable,
        String method,
        String target,
        Map<String, String> headers,
        ByteBuffer body,
        Duration limit) {

    static Builder get(String asked, String... path) {
        return new Builder(asked, "GET", path);
    }

    static Builder post(String asked, String... path) {
        return new Builder(asked, "POST", path);
    }

    static Builder delete(String asked, String... path) {
        return new Builder(asked, "DELETE", path);
    }

    /// The same with one more header.
    Request with(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Request(asked, changing, repeatable, method, target, Map.copyOf(more), body, limit);
    }

    /// The same with less time.
    Request within(Duration time) {
        return new Request(asked, changing, repeatable, method, target, headers, body, time);
    }

    /// The head as it goes over the wire.
    byte[] head(String user) {
        var text = new StringBuilder()
                .append(method)
                .append(' ')
                .append(target)
                .append(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        headers.forEach((name, value) -> line(text, name, value));
        line(text, "X-Mainstay-User", user);
        if (!method.equals("GET")) {
            line(text, "Content-Length", Integer.toString(body.remaining()));
        }
        return text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(name)
                .append(": ")
                .append(value.replaceAll("[\\p{Cntrl}]", "?"))
                .append("\r\n");
    }

    /// Collects path, query and headers.
    static final class Builder {
        private final String asked;
        private final String method;
        private final StringBuilder path = new StringBuilder("/v1");
        private final Map<String, String> query = new LinkedHashMap<>();
        private final Map<String, String> headers = new LinkedHashMap<>();
        private ByteBuffer body = ByteBuffer.allocate(0);
        private Duration limit = Client.ANSWER_LIMIT;
        private boolean once;

        private Builder(String asked, String method, String... segments) {
            this.asked = asked;
            this.method = method;
            for (var segment : segments) {
                path.append('/').append(escaped(segment));
            }
        }

        Builder query(String name, String value) {
            if (!value.isEmpty()) {
                query.put(name, value);
            }
            return this;
        }

        Builder header(String name, String value) {
            headers.put(name, value);
            return this;
        }

        Builder body(String type, byte[] bytes) {
            headers.put("Content-Type", type);
            body = ByteBuffer.wrap(bytes.clone()).asReadOnlyBuffer();
            return this;
        }

        Builder limit(Duration whole) {
            limit = whole;
            return this;
        }

        /// It is not decided by the cluster: a service that starts in between would do it again.
        Builder once() {
            once = true;
            return this;
        }

        Builder terms(Terms terms) {
            query("wait", terms.waitLimit().isZero() ? "" : terms.waitLimit().toMillis() + "ms");
            query("dryRun", terms.dryRun() ? "true" : "");
            query("ignoreLock", terms.ignoreLock() ? "true" : "");
            return limit(terms.waitLimit().plus(Client.ANSWER_LIMIT));
        }

        Request build() {
            var changing = !method.equals("GET") && !"true".equals(query.get("dryRun"));
            return new Request(
                    asked, changing, changing && !once, method, path + queryText(), Map.copyOf(headers), body, limit);
        }

        private String queryText() {
            List<String> parts = new ArrayList<>();
            query.forEach((name, value) -> parts.add(name + "=" + escaped(value)));
            return parts.isEmpty() ? "" : "?" + String.join("&", parts);
        }

        private static String escaped(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
        }
    }
}
