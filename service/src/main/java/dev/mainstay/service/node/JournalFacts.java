package dev.mainstay.service.node;

import dev.mainstay.api.EventView;
import dev.mainstay.service.http.Facts;
import dev.mainstay.service.journal.Journal;
import java.time.Duration;
import java.util.List;

/// The journal, as the API reads it.
///
/// **Threads:** any.
record JournalFacts(Journal journal) implements Facts {
    @Override
    public List<EventView> after(String id, int limit) {
        return journal.after(id, limit);
    }

    @Override
    public List<EventView> latest(int limit) {
        return journal.latest(limit);
    }

    @Override
    public List<EventView> about(String kind, String name, int limit) {
        return journal.about(kind, name, limit);
    }

    @Override
    public boolean awaitAfter(String id, Duration limit) throws InterruptedException {
        return journal.awaitAfter(id, limit);
    }
}
