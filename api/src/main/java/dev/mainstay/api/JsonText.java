package dev.mainstay.api;

import io.avaje.jsonb.Jsonb;
import java.util.List;
import java.util.stream.Collectors;

/// Views to and from JSON text.
public final class JsonText {
    // Made once: the adapters are found by a service loader.
    private static final Jsonb JSONB = Jsonb.builder().build();

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
