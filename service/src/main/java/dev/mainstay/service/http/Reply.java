package dev.mainstay.service.http;

/// What a request is answered with.
sealed interface Reply {
    /// A text of JSON.
    record Json(int status, String text) implements Reply {}

    /// Bytes of another kind.
    record Other(String contentType, byte[] bytes) implements Reply {}

    /// A stream of facts that begins after `after`.
    record Stream(String after) implements Reply {}
}
