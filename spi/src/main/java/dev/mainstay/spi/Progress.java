package dev.mainstay.spi;

/// How pending work tells that it still advances.
public interface Progress {
    /// Names the step now waited for; a changed text starts `pendingTimeout` anew.
    void checkpoint(String step);

    /// Whether the operation was cancelled: the work should end at once.
    boolean cancelled();
}
