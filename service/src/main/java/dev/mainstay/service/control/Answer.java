package dev.mainstay.service.control;

import dev.mainstay.core.decision.Refusal;
import dev.mainstay.core.event.Event;
import java.util.List;

/// What became of a request.
public sealed interface Answer {
    /// It was decided and applied (or, for a dry run, would be).
    ///
    /// @param revision the revision after it
    /// @param events what was decided; none when it changes nothing
    record Done(long revision, List<Event> events) implements Answer {
        /// Copies the list.
        public Done {
            events = List.copyOf(events);
        }
    }

    /// It was refused; nothing changed.
    record Refused(Refusal refusal) implements Answer {}

    /// It could not be decided; nothing changed.
    ///
    /// @param cause what is in the way
    record Unavailable(Cause cause, String message, String advice) implements Answer {
        /// What can be in the way.
        public enum Cause {
            /// No node leads.
            NO_LEADER,
            /// The queue is full.
            BUSY,
            /// The disk is full or cannot be written.
            STORAGE
        }
    }

    /// The leader was lost before it confirmed: it may or may not have happened.
    record Unknown(String message) implements Answer {}
}
