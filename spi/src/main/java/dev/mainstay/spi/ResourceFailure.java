package dev.mainstay.spi;

/// An entry point could not do what was asked.
public class ResourceFailure extends Exception {
    private static final long serialVersionUID = 1;

    /// A failure whose message says what was asked, what is so, and what to do.
    public ResourceFailure(String message) {
        super(message);
    }

    /// A failure with its cause.
    public ResourceFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
