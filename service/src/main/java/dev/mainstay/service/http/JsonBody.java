package dev.mainstay.service.http;

import io.avaje.jsonb.Jsonb;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;

/// Reads bodies of JSON, and nothing that a reader could choke on.
final class JsonBody {
    /// The deepest body that means anything has three.
    private static final int MOST_LEVELS = 16;

    /// Bodies that are understood at once: each needs some MiB for a moment.
    private static final Semaphore AT_ONCE = new Semaphore(4);

    private JsonBody() {}

    /// The body as a value; an empty body is an empty object.
    ///
    /// @param asked what is asked, in words
    /// @param example what to send
    /// **Errors:** `BAD_INPUT`.
    static <T> T read(Jsonb jsonb, Class<T> type, Call call, String asked, String example) {
        try {
            var text = text(call.body().get());
            T read;
            AT_ONCE.acquireUninterruptibly();
            try {
                read = jsonb.type(type).fromJson(text.isBlank() ? "{}" : text);
            } finally {
                AT_ONCE.release();
            }
            if (read == null) {
                throw new IllegalArgumentException("it is null");
            }
            return read;
        } catch (HttpError | java.io.UncheckedIOException notArrived) {
            throw notArrived;
        } catch (CharacterCodingException | RuntimeException unreadable) {
            throw Query.bad(
                    "%s: the body cannot be read: %s"
                            .formatted(asked, Answers.oneLine(String.valueOf(unreadable.getMessage()))),
                    "Send JSON such as %s.".formatted(example));
        }
    }

    private static String text(byte[] bytes) throws CharacterCodingException {
        var levels = 0;
        var quoted = false;
        for (var at = 0; at < bytes.length; at++) {
            switch (bytes[at]) {
                case '"' -> quoted = !quoted;
                case '\\' -> at++;
                case '[', '{' -> levels += quoted ? 0 : 1;
                case ']', '}' -> levels -= quoted ? 0 : 1;
                default -> {}
            }
            if (levels > MOST_LEVELS) {
                throw new IllegalArgumentException("it is nested more than %d levels deep".formatted(MOST_LEVELS));
            }
        }
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }
}
