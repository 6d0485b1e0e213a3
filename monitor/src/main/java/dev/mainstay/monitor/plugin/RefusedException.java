package dev.mainstay.monitor.plugin;

/// A plugin, or a part of it, must not or cannot be used; the message says what is so on both sides.
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    /// Says what was asked, what is so, and what to do.
    public RefusedException(String message) {
        super(message);
    }
}
