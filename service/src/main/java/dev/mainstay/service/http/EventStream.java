package dev.mainstay.service.http;

import dev.mainstay.api.EventView;
import io.avaje.jsonb.JsonType;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Writes facts as server-sent events until the client or the server closes.
///
/// **Source:** HTML Living Standard, section 9.2 "Server-sent events".
final class EventStream {
    /// A comment is sent when nothing happened this long, so that a lost client is noticed.
    private static final Duration IDLE = Duration.ofSeconds(15);

    /// Facts read from the journal at once.
    private static final int BATCH = 200;

    private final Facts journal;
    private final JsonType<EventView> json;
    private final BooleanSupplier closing;

    EventStream(Facts journal, JsonType<EventView> json, BooleanSupplier closing) {
        this.journal = journal;
        this.json = json;
        this.closing = closing;
    }

    /// Returns when the server closes; throws when the client does.
    void write(String after, OutputStream output) throws IOException, InterruptedException {
        var writer = new OutputStreamWriter(output, StandardCharsets.UTF_8);
        writer.write(": facts follow\n\n");
        writer.flush();
        var reached = after;
        while (!closing.getAsBoolean()) {
            var facts = journal.after(reached, BATCH);
            for (var fact : facts) {
                write(fact, writer);
                reached = fact.id();
            }
            writer.flush();
            if (facts.isEmpty() && !journal.awaitAfter(reached, IDLE)) {
                writer.write(": idle\n\n");
                writer.flush();
            }
        }
    }

    private void write(EventView fact, Writer writer) throws IOException {
        writer.write("id: %s\nevent: fact\ndata: %s\n\n".formatted(fact.id(), json.toJson(fact)));
    }
}
