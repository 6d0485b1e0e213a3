package dev.mainstay.core.state;

/// Checks of invariants; a failed one is a bug and stops the cluster service.
public final class Check {
    private Check() {}

    /// Throws `IllegalStateException` with the formatted message unless `holds`.
    public static void state(boolean holds, String message, Object... arguments) {
        if (!holds) {
            throw new IllegalStateException(message.formatted(arguments));
        }
    }
}
