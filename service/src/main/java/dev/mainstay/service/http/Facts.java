package dev.mainstay.service.http;

import dev.mainstay.api.EventView;
import java.time.Duration;
import java.util.List;

/// The journal as the API reads it.
///
/// **Threads:** any; may block for a read from disk.
public interface Facts {
    /// The facts after one, oldest first; from the oldest kept when `id` is empty.
    List<EventView> after(String id, int limit);

    /// The newest facts, oldest first.
    List<EventView> latest(int limit);

    /// The newest facts about a `group`, `resource` or `node`, oldest first.
    List<EventView> about(String kind, String name, int limit);

    /// Waits until there is a fact after `id`; false when there is none in time.
    boolean awaitAfter(String id, Duration limit) throws InterruptedException;
}
