package dev.mainstay.service.http;

import java.io.IOException;

/// One request on its connection, not answered yet.
record Exchange(HttpHead head, Body body, Connection connection) {
    /// Reads the body.
    @FunctionalInterface
    interface Body {
        byte[] read() throws IOException;
    }
}
