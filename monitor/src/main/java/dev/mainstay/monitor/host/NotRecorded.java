package dev.mainstay.monitor.host;

import java.io.IOException;

/// The adoption record of a resource cannot be written, so it must not come online: nobody would find it again
/// after the death of this monitor.
final class NotRecorded extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotRecorded(String resource, IOException cause) {
        super(words(resource, cause), cause);
    }

    /// What is so and what to do.
    static String words(String resource, IOException cause) {
        return "bringing '%s' online: its adoption record cannot be written: %s. Make room on the disk of this node"
                .formatted(resource, cause.getMessage());
    }
}
