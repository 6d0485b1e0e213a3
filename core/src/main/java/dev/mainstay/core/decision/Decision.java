package dev.mainstay.core.decision;

import dev.mainstay.core.event.Event;
import java.util.List;

/// The answer to a command.
public sealed interface Decision {
    /// It is accepted; these events follow, in order. No events: it changes nothing.
    record Accepted(List<Event> events) implements Decision {
        /// Copies the list.
        public Accepted {
            events = List.copyOf(events);
        }
    }

    /// It is refused and nothing changes.
    record Refused(Refusal refusal) implements Decision {}
}
