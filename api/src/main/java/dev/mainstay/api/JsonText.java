package dev.mainstay.api;

import io.avaje.json.stream.BufferRecycleStrategy;
import io.avaje.jsonb.Jsonb;
import java.util.List;
import java.util.stream.Collectors;

/// Views to and from JSON text.
public final class JsonText {
    /// Characters of the longest text in an answer. A manifest, and so each value in it, has 1 MiB at most;
    /// without this avaje-jsonb 3.11 gives up at 32,768 characters.
    static final int LONGEST_TEXT = 1024 * 1024 + 64 * 1024;

    private static final String LONGEST_TEXT_PROPERTY = "jsonb.parserCharBufferSize";

    // Made once: the adapters are found by a service loader.
    private static final Jsonb JSONB = jsonb();

    private static Jsonb jsonb() {
        permitLongTexts();
        return Jsonb.builder()
                .bufferRecycling(BufferRecycleStrategy.THREAD_LOCAL)
                .build();
    }

    /// Has every reader of JSON in this process take texts that are as long as they may be; to be called before
    /// the first one is made.
    public static void permitLongTexts() {
        if (System.getProperty(LONGEST_TEXT_PROPERTY) == null) {
            System.setProperty(LONGEST_TEXT_PROPERTY, Integer.toString(LONGEST_TEXT));
        }
    }

    private JsonText() {}

    /// The view as indented JSON.
    public static String of(Object view) {
        return JSONB.toJsonPretty(view);
    }

    /// The view as JSON on one line.
    public static String line(Object view) {
        return JSONB.toJson(view);
    }

    /// The views as an indented JSON array.
    ///
    /// One by one: avaje-jsonb 3.11 breaks the line after each name when it indents a list.
    public static <T> String of(Class<T> type, List<T> views) {
        var json = JSONB.type(type);
        return views.isEmpty()
                ? "[]"
                : views.stream()
                        .map(view -> json.toJsonPretty(view).indent(2).stripTrailing())
                        .collect(Collectors.joining(",\n", "[\n", "\n]"));
    }

    static <T> T read(Class<T> type, String json) {
        return JSONB.type(type).fromJson(json);
    }

    static <T> List<T> readList(Class<T> type, String json) {
        return JSONB.type(type).list().fromJson(json);
    }
}
