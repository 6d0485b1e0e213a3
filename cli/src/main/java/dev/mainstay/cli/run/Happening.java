package dev.mainstay.cli.run;

import dev.mainstay.api.EventView;

/// What the front of a run reacts to.
sealed interface Happening {
    /// A fact came from the journal.
    record Fact(EventView event) implements Happening {}

    /// Somebody asked to stop.
    record StopRequested() implements Happening {}

    /// A cluster service ended.
    record ServiceEnded(NodeProcess process) implements Happening {}

    /// Everything is offline, or cannot be taken there.
    record Stopped(String message) implements Happening {}

    /// No more facts will come.
    record FactsEnded(String reason) implements Happening {}
}
