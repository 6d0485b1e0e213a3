package dev.mainstay.monitor.plugin;

/// A plugin, or a part of it, must not or cannot be used; the message says what is so on both sides.
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    RefusedException(String message) {
        super(message);
    }
}
