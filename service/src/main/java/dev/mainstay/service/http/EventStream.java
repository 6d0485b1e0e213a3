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
/// Where facts that the client has not seen are not kept any more, or where it comes from another history, an
/// event `gap` says so before the facts go on.
///
/// **Source:** HTML Living Standard, section 9.2 "Server-sent events".
final class EventStream {
    /// A comment is sent when nothing happened this long, so that a lost client is noticed.
    private static final Duration IDLE = Duration.ofSeconds(15);

    /// Another node may be behind the one that a client comes from; then it is no gap.
    private static final Duration CATCH_UP = Duration.ofSeconds(2);

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
        var behind = true;
        while (!closing.getAsBoolean()) {
            if (behind) {
                reached = bridge(reached, writer);
            }
            var facts = journal.after(reached, BATCH);
            for (var fact : facts) {
                write(fact, writer);
                reached = fact.id();
            }
            writer.flush();
            behind = facts.size() == BATCH;
            if (facts.isEmpty() && !journal.awaitAfter(reached, IDLE)) {
                writer.write(": idle\n\n");
                writer.flush();
            }
        }
    }

    /// Where to go on after a fact: there, or at the end of a gap that the client is told of.
    private String bridge(String reached, Writer writer) throws IOException, InterruptedException {
        var oldest = journal.after("", 1);
        if (reached.isEmpty() || oldest.isEmpty()) {
            return reached;
        }
        var first = oldest.getFirst().id();
        var last = journal.latest(1).getLast().id();
        if (FactOrder.BY_ID.compare(reached, first) < 0) {
            gap(reached, first, "facts between the two are not kept any more", writer);
            return "";
        }
        if (FactOrder.BY_ID.compare(reached, last) > 0 && !journal.awaitAfter(reached, CATCH_UP)) {
            gap(reached, last, "no fact of this node has the first id: it comes from another history", writer);
            return last;
        }
        return reached;
    }

    private static void gap(String after, String goesOn, String why, Writer writer) throws IOException {
        writer.write("event: gap\ndata: {\"after\":\"%s\",\"goesOnAt\":\"%s\",\"why\":\"%s\"}\n\n"
                .formatted(after, goesOn, why));
        writer.flush();
    }

    private void write(EventView fact, Writer writer) throws IOException {
        writer.write("id: %s\nevent: fact\ndata: %s\n\n".formatted(fact.id(), json.toJson(fact)));
    }
}
