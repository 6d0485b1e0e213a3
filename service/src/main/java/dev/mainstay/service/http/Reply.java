package dev.mainstay.service.http;

/// What a request is answered with.
sealed interface Reply {
    /// A text of JSON.
    record Json(int status, String text) implements Reply {}

    /// A text of another kind.
    record Text(String contentType, String text) implements Reply {}

    /// A stream of facts that begins after `after`.
    record Stream(String after) implements Reply {}
}
