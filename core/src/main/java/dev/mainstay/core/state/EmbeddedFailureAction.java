package dev.mainstay.core.state;

/// What follows from a failure inside a resource that runs itself.
public enum EmbeddedFailureAction {
    /// The resource counts as failed, and its restart policy follows.
    RECOVER,
    /// It is shown and recorded as an event.
    LOG,
    /// Nothing; it is shown.
    NOTHING
}
