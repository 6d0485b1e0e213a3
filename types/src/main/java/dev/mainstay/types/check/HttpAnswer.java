package dev.mainstay.types.check;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// The answer of an HTTP/1.1 server, read from its connection as far as it is asked for.
///
/// **Errors:** [Odd] says in words what is wrong with what was sent.
/// **Source:** RFC 9112.
final class HttpAnswer {
    /// An answer whose status line and header are longer than this is not read on.
    private static final int HEAD_MAX = 64 << 10;

    /// A page longer than this is not searched to its end.
    private static final int BODY_MAX = 1 << 20;

    private static final int PIECE_MAX = 1 << 16;
    private static final int CHUNK_LINE_MAX = 4 << 10;
    private static final int INTERIM_MAX = 10;
    private static final int SHOWN_MAX = 60;
    private static final int HEX = 16;
    private static final String IN_HEADER = "in the middle of its header";
    private static final String IN_BODY = "in the middle of its body";
    private static final int CONTINUE = 100;
    private static final int SWITCHING = 101;
    private static final int OK = 200;
    private static final int TLS_ALERT = 0x15;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.\\d (\\d{3})(?: .*)?");
    private static final Pattern CHARSET = Pattern.compile("(?i).*;\\s*charset=\"?([\\w.:-]+)\"?.*");
    private static final Pattern CHUNK = Pattern.compile("([0-9A-Fa-f]{1,15})\\s*(;.*)?");
    private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");

    private final InputStream in;
    private final Map<String, String> fields = new HashMap<>();
    private int status;
    private int headLeft = HEAD_MAX;
    /// How much of the body, or of its chunk, is still to come; negative when the end of the connection tells.
    private long left = -1;

    private boolean chunked;

    /// Something came, but no answer.
    static final class Odd extends IOException {
        private static final long serialVersionUID = 1;

        Odd(String why) {
            super(why);
        }
    }

    private HttpAnswer(InputStream in) {
        this.in = in;
    }

    /// Reads status line and header; interim answers before it are skipped.
    static HttpAnswer read(InputStream connection) throws IOException {
        var answer = new HttpAnswer(new BufferedInputStream(connection));
        for (int interim = 0; interim <= INTERIM_MAX; interim++) {
            answer.readHead();
            if (answer.status < CONTINUE || answer.status >= OK || answer.status == SWITCHING) {
                answer.prepareBody();
                return answer;
            }
        }
        throw new Odd("more than %d interim answers, the last with status %d".formatted(INTERIM_MAX, answer.status));
    }

    int status() {
        return status;
    }

    private void readHead() throws IOException {
        fields.clear();
        var first = headLine("without an answer");
        var parts = STATUS.matcher(first);
        if (!parts.matches()) {
            throw new Odd(
                    !first.isEmpty() && first.charAt(0) == TLS_ALERT
                            ? "its answer is TLS, not HTTP: write https"
                            : "its answer is not HTTP: it begins with '%s'".formatted(harmless(first)));
        }
        status = Integer.parseInt(parts.group(1));
        for (var line = headLine(IN_HEADER); !line.isEmpty(); line = headLine(IN_HEADER)) {
            var colon = line.indexOf(':');
            if (colon > 0) {
                fields.putIfAbsent(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
    }

    private String headLine(String where) throws IOException {
        var line = line(headLeft, where);
        if (line.length() >= headLeft) {
            throw new Odd("its header is longer than %d KiB".formatted(HEAD_MAX >> 10));
        }
        headLeft -= line.length() + 1;
        return line;
    }

    /// A line without its end; as long as `most` when it is not over by then.
    private String line(int most, String where) throws IOException {
        var bytes = new ByteArrayOutputStream();
        while (bytes.size() < most) {
            var next = in.read();
            if (next < 0 && bytes.size() == 0) {
                throw new Odd("it closed the connection " + where);
            }
            if (next < 0 || next == '\n') {
                break;
            }
            bytes.write(next);
        }
        var text = bytes.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private void prepareBody() throws Odd {
        chunked = fields.getOrDefault("transfer-encoding", "")
                .toLowerCase(Locale.ROOT)
                .endsWith("chunked");
        var length = fields.get("content-length");
        if (chunked) {
            left = 0;
        } else if (length != null) {
            if (!LENGTH.matcher(length).matches()) {
                throw new Odd("status %d, but its Content-Length is '%s'".formatted(status, harmless(length)));
            }
            left = Long.parseLong(length);
        }
    }

    /// Whether the text is in the first MiB of the body; read no further than to its first occurrence.
    boolean contains(String text) throws IOException {
        var wanted = text.getBytes(charset());
        var body = new byte[BODY_MAX];
        int length = 0;
        while (length < BODY_MAX) {
            var read = readBody(body, length, Math.min(BODY_MAX - length, PIECE_MAX));
            if (read < 0) {
                return false;
            }
            if (occurs(wanted, body, Math.max(0, length - wanted.length + 1), length + read)) {
                return true;
            }
            length += read;
        }
        return false;
    }

    private int readBody(byte[] into, int at, int most) throws IOException {
        if (chunked && left == 0) {
            left = nextChunk();
        }
        if (left == 0) {
            return -1;
        }
        var read = in.read(into, at, left < 0 ? most : (int) Math.min(most, left));
        if (read < 0 && left > 0) {
            throw new Odd("status %d, but it closed the connection %d bytes before the end of %s"
                    .formatted(status, left, chunked ? "a chunk" : "its body"));
        }
        if (left > 0) {
            left -= read;
            if (chunked && left == 0) {
                line(CHUNK_LINE_MAX, IN_BODY);
            }
        }
        return read;
    }

    private long nextChunk() throws IOException {
        var line = line(CHUNK_LINE_MAX, IN_BODY);
        var parts = CHUNK.matcher(line);
        if (!parts.matches()) {
            throw new Odd("status %d, but the size of a chunk of its body is '%s'".formatted(status, harmless(line)));
        }
        return Long.parseLong(parts.group(1), HEX);
    }

    private Charset charset() {
        var parts = CHARSET.matcher(fields.getOrDefault("content-type", ""));
        if (!parts.matches()) {
            return StandardCharsets.UTF_8;
        }
        try {
            return Charset.forName(parts.group(1));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            return StandardCharsets.UTF_8;
        }
    }

    private static boolean occurs(byte[] wanted, byte[] body, int from, int to) {
        for (int start = from; start + wanted.length <= to; start++) {
            int same = 0;
            while (same < wanted.length && body[start + same] == wanted[same]) {
                same++;
            }
            if (same == wanted.length) {
                return true;
            }
        }
        return false;
    }

    /// What a stranger sent, short and in characters that every terminal can show.
    private static String harmless(String text) {
        var plain = text.replaceAll("[^ -~]", "?");
        return plain.length() > SHOWN_MAX ? plain.substring(0, SHOWN_MAX) + "..." : plain;
    }
}
