package dev.mainstay.api;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// The answer to one request: status, headers in lower case, and a body that ends where HTTP says.
///
/// **Errors:** [ProtocolException] when what answers does not speak HTTP/1.1, [EOFException] when it stops
/// half way.
record Reply(int status, Map<String, String> headers, InputStream body) {
    static final int BUFFER_BYTES = 8192;
    /// A head larger than this is not one of ours (Helidon's own limit is 16 KiB).
    private static final int HEAD_BYTES_MAX = 64 * 1024;

    static Reply read(InputStream in) throws IOException {
        var budget = new int[] {HEAD_BYTES_MAX};
        var first = line(in, budget);
        var parts = first.split(" ", 3);
        if (parts.length < 2 || !parts[0].startsWith("HTTP/1.") || !parts[1].matches("[1-5][0-9]{2}")) {
            throw new ProtocolException("its first line is not HTTP/1.1: '" + shortened(first) + "'");
        }
        Map<String, String> headers = new HashMap<>();
        for (var line = line(in, budget); !line.isEmpty(); line = line(in, budget)) {
            var colon = line.indexOf(':');
            if (colon < 1) {
                throw new ProtocolException("a header has no colon: '" + shortened(line) + "'");
            }
            headers.put(
                    line.substring(0, colon).trim().toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).trim());
        }
        return new Reply(Integer.parseInt(parts[1]), Map.copyOf(headers), body(in, headers));
    }

    /// The whole body as text; longer than `bytesMax` is an error.
    String text(int bytesMax) throws IOException {
        var bytes = body.readNBytes(bytesMax + 1);
        if (bytes.length > bytesMax) {
            throw new ProtocolException("its answer is longer than " + bytesMax + " bytes");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static InputStream body(InputStream in, Map<String, String> headers) throws IOException {
        if ("chunked".equalsIgnoreCase(headers.getOrDefault("transfer-encoding", ""))) {
            return new Body(in, -1, true);
        }
        var length = headers.get("content-length");
        if (length == null) {
            return in;
        }
        if (!length.matches("[0-9]{1,15}")) {
            throw new ProtocolException("its Content-Length is not a number: '" + shortened(length) + "'");
        }
        return new Body(in, Long.parseLong(length), false);
    }

    private static String line(InputStream in, int[] budget) throws IOException {
        var text = new StringBuilder();
        for (var next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the answer ended early");
            }
            if (budget[0]-- == 0) {
                throw new ProtocolException("the head of its answer is longer than " + HEAD_BYTES_MAX + " bytes");
            }
            text.append((char) next);
        }
        if (!text.isEmpty() && text.charAt(text.length() - 1) == '\r') {
            text.setLength(text.length() - 1);
        }
        return text.toString();
    }

    private static String shortened(String text) {
        var printable = text.replaceAll("[^ -~]", "?");
        return printable.length() <= 60 ? printable : printable.substring(0, 60) + "...";
    }

    /// Ends after `Content-Length` bytes or after the last chunk.
    private static final class Body extends InputStream {
        private final InputStream in;
        private final boolean chunked;
        private long left;
        private boolean ended;

        private Body(InputStream in, long left, boolean chunked) {
            this.in = in;
            this.left = chunked ? 0 : left;
            this.chunked = chunked;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (left == 0 && !next()) {
                return -1;
            }
            var count = in.read(into, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException("the answer ended early: " + left + " bytes are missing");
            }
            left -= count;
            if (chunked && left == 0) {
                line(in, new int[] {2});
            }
            return count;
        }

        private boolean next() throws IOException {
            if (!chunked || ended) {
                return false;
            }
            var size = line(in, new int[] {200}).split(";", 2)[0].trim();
            if (!size.matches("[0-9a-fA-F]{1,8}")) {
                throw new ProtocolException("the size of a chunk is not a number: '" + shortened(size) + "'");
            }
            left = Long.parseLong(size, 16);
            ended = left == 0;
            return !ended;
        }
    }
}
