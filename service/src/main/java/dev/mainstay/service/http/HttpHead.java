package dev.mainstay.service.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The request line and the headers of one request.
///
/// @param target path and query as they were sent
/// @param headers values by name in lower case, in the order they came
/// **Source:** RFC 9112, read strictly: whatever two readers could understand differently is refused.
record HttpHead(String method, String target, Map<String, List<String>> headers) {
    /// The longest request line, and all headers together, in bytes.
    static final int MOST_BYTES = 8 * 1024;

    private static final int MOST_HEADERS = 64;
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}";

    /// Reads the next head; empty when the client ended the connection before it began one.
    ///
    /// **Errors:** [HttpError] when it is none, `EOFException` when it ends half way.
    static Optional<HttpHead> read(InputStream in) throws IOException {
        var first = in.read();
        if (first < 0) {
            return Optional.empty();
        }
        var line = line(in, first, new int[] {MOST_BYTES}, "the request line");
        var words = line.split(" ", -1);
        if (words.length != 3 || !words[0].matches(TOKEN) || !words[1].startsWith("/")) {
            throw HttpError.notHttp("the first line is not one of HTTP/1.1");
        }
        if (!words[2].equals("HTTP/1.1")) {
            throw HttpError.notHttp("its version is not HTTP/1.1");
        }
        var head = new HttpHead(words[0], words[1], headers(in));
        if (head.all("host").size() != 1) {
            throw HttpError.notHttp(
                    "it has %d headers 'Host'".formatted(head.all("host").size()));
        }
        return Optional.of(head);
    }

    private static Map<String, List<String>> headers(InputStream in) throws IOException {
        Map<String, List<String>> headers = new HashMap<>();
        var room = new int[] {MOST_BYTES};
        var count = 0;
        for (var line = line(in, in.read(), room, "its head"); !line.isEmpty(); ) {
            var colon = line.indexOf(':');
            if (colon < 1 || !line.substring(0, colon).matches(TOKEN)) {
                throw HttpError.notHttp("a header has no name with a colon behind it");
            }
            if (++count > MOST_HEADERS) {
                throw new HttpError(431, "the request has more than %d headers".formatted(MOST_HEADERS), "Send fewer.");
            }
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
            line = line(in, in.read(), room, "its head");
        }
        return headers;
    }

    /// One line without its end. A line end is CR LF and nothing else.
    static String line(InputStream in, int first, int[] room, String what) throws IOException {
        var text = new StringBuilder();
        for (var next = first; next != '\r'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the client left within %s".formatted(what));
            }
            if (next == 0x7f || (next < ' ' && next != '\t')) {
                throw HttpError.notHttp("%s holds a control character".formatted(what));
            }
            if (room[0]-- == 0) {
                throw new HttpError(
                        431,
                        "%s is longer than %d KiB".formatted(what, MOST_BYTES / 1024),
                        "Send a request line and headers of at most 8 KiB each.");
            }
            text.append((char) next);
        }
        var end = in.read();
        if (end < 0) {
            throw new EOFException("the client left within %s".formatted(what));
        }
        if (end != '\n') {
            throw HttpError.notHttp("%s holds a control character".formatted(what));
        }
        return text.toString();
    }

    List<String> all(String name) {
        return headers.getOrDefault(name, List.of());
    }

    /// The value of a header that may be given once.
    Optional<String> one(String name) {
        var values = all(name);
        if (values.size() > 1) {
            throw new HttpError(400, "the header '%s' stands %d times".formatted(name, values.size()), "Give it once.");
        }
        return values.stream().findFirst();
    }

    String path() {
        var question = target.indexOf('?');
        return question < 0 ? target : target.substring(0, question);
    }

    String query() {
        var question = target.indexOf('?');
        return question < 0 ? "" : target.substring(question + 1);
    }

    /// Whether the client wants this to be the last request of its connection.
    boolean last() {
        return all("connection").stream()
                .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("close"));
    }

    /// The bytes of the text as they came: headers and lines are read one character for each byte.
    static String utf8(String raw) {
        return new String(raw.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
