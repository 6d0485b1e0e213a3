package dev.mainstay.service.node;

/// A node file or a command line that cannot be used; the message says where, what is expected and what to do.
public final class SettingsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// What was asked: what is so. What to do.
    public SettingsException(String message) {
        super(message);
    }
}
