package dev.mainstay.api;

import java.util.List;

/// The one exception of the API: a code, what was asked and what is so, and what to do.
public final class ClusterException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient ErrorCode code;
    private final transient String advice;
    private final transient List<ErrorView.Problem> problems;

    /// An error without places in a manifest.
    public ClusterException(ErrorCode code, String message, String advice) {
        this(code, message, advice, List.of());
    }

    /// An error with places in a manifest.
    public ClusterException(ErrorCode code, String message, String advice, List<ErrorView.Problem> problems) {
        super(message);
        this.code = code;
        this.advice = advice;
        this.problems = List.copyOf(problems);
    }

    /// Why the request failed.
    public ErrorCode code() {
        return code;
    }

    /// What to do.
    public String advice() {
        return advice;
    }

    /// Places in a manifest, in the order of the file.
    public List<ErrorView.Problem> problems() {
        return problems;
    }
}
