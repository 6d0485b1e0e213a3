package dev.mainstay.service.http;

import dev.mainstay.protocol.Limits;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.function.IntConsumer;

/// The body of one request, read when its route asks for it and never further than its limit.
///
/// **Errors:** what is declared too long is refused before any of it is read.
final class HttpBody {
    private static final int PIECE = 8 * 1024;

    private final InputStream in;
    private final boolean chunked;
    private final long length;
    private final IntConsumer holds;
    private final Runnable begins;
    private boolean done;

    private HttpBody(InputStream in, boolean chunked, long length, Runnable begins, IntConsumer holds) {
        this.in = in;
        this.chunked = chunked;
        this.length = length;
        this.begins = begins;
        this.holds = holds;
        this.done = !chunked && length == 0;
    }

    /// The body that the head announces.
    ///
    /// @param begins is called before the first byte is read
    /// @param holds is told of each piece that is now held in memory
    /// **Errors:** [HttpError] when it cannot be known where the body ends.
    static HttpBody of(HttpHead head, InputStream in, Runnable begins, IntConsumer holds) {
        var encoding = head.one("transfer-encoding");
        var length = head.one("content-length");
        if (encoding.isPresent()) {
            if (length.isPresent() || !encoding.get().toLowerCase(Locale.ROOT).equals("chunked")) {
                throw HttpError.notHttp("where its body ends is said by neither one length nor chunks alone");
            }
            return new HttpBody(in, true, 0, begins, holds);
        }
        var text = length.orElse("0");
        if (!text.matches("[0-9]{1,18}")) {
            throw HttpError.notHttp("its Content-Length is no number of bytes");
        }
        return new HttpBody(in, false, Long.parseLong(text), begins, holds);
    }

    /// Whether nothing of it is left on the connection.
    boolean done() {
        return done;
    }

    /// All of it.
    ///
    /// **Errors:** [HttpError] when it is too long or its chunks are none, `EOFException` when it ends early.
    byte[] read() throws IOException {
        if (done) {
            return new byte[0];
        }
        if (length > Limits.HTTP_BODY) {
            throw tooLarge();
        }
        begins.run();
        var bytes = new ByteArrayOutputStream();
        if (chunked) {
            chunks(bytes);
        } else {
            copy(length, bytes);
        }
        done = true;
        return bytes.toByteArray();
    }

    private void chunks(ByteArrayOutputStream bytes) throws IOException {
        var room = new int[] {HttpHead.MOST_BYTES};
        for (var size = chunk(room); size > 0; size = chunk(room)) {
            if (bytes.size() + size > Limits.HTTP_BODY) {
                throw tooLarge();
            }
            copy(size, bytes);
            if (in.read() != '\r' || in.read() != '\n') {
                throw HttpError.notHttp("a chunk is longer than it says");
            }
            room[0] = HttpHead.MOST_BYTES;
        }
        // Trailers say nothing that anybody here asks for.
        String trailer;
        do {
            trailer = HttpHead.line(in, in.read(), room, "the end of its body");
        } while (!trailer.isEmpty());
    }

    private long chunk(int[] room) throws IOException {
        var line = HttpHead.line(in, in.read(), room, "the size of a chunk");
        var size = line.split(";", 2)[0].strip();
        if (!size.matches("[0-9a-fA-F]{1,15}")) {
            throw HttpError.notHttp("the size of a chunk is not a number");
        }
        return Long.parseLong(size, 16);
    }

    private void copy(long count, ByteArrayOutputStream bytes) throws IOException {
        var piece = new byte[(int) Math.min(PIECE, Math.max(1, count))];
        for (var left = count; left > 0; ) {
            var read = in.read(piece, 0, (int) Math.min(piece.length, left));
            if (read < 0) {
                throw new EOFException("the body ended too early");
            }
            bytes.write(piece, 0, read);
            holds.accept(read);
            left -= read;
        }
    }

    private static HttpError tooLarge() {
        return new HttpError(413, "the body is larger than 1 MiB", "Split the manifest into several.");
    }
}
