package dev.mainstay.spi;

import java.nio.file.Path;
import java.util.Optional;

/// A failure that no repetition on this node mends: something is missing here, or the settings cannot work.
///
/// The resource is not restarted here. Another possible owner has it at once; else it waits for somebody to mend
/// what the message says.
public final class LastingFailure extends ResourceFailure {
    private static final long serialVersionUID = 1;

    private final boolean here;
    private final transient Optional<Path> missing;

    private LastingFailure(String message, Optional<Throwable> cause, boolean here, Optional<Path> missing) {
        super(message);
        cause.ifPresent(this::initCause);
        this.here = here;
        this.missing = missing;
    }

    /// Settings that cannot work on any node.
    public LastingFailure(String message) {
        this(message, Optional.empty(), false, Optional.empty());
    }

    /// Settings that cannot work on any node, with the cause.
    public LastingFailure(String message, Throwable cause) {
        this(message, Optional.of(cause), false, Optional.empty());
    }

    /// Something that this node lacks, and another one may have.
    public static LastingFailure here(String message) {
        return new LastingFailure(message, Optional.empty(), true, Optional.empty());
    }

    /// A file or folder that this node lacks, and another resource may bring.
    public static LastingFailure missing(String message, Path path) {
        return new LastingFailure(message, Optional.empty(), true, Optional.of(path));
    }

    /// This failure with its cause.
    public LastingFailure because(Throwable cause) {
        return new LastingFailure(String.valueOf(getMessage()), Optional.of(cause), here, missing);
    }

    /// Whether only this node is known to be so.
    public boolean isHere() {
        return here;
    }

    /// The file or folder that is missing here.
    public Optional<Path> missing() {
        return missing;
    }
}
