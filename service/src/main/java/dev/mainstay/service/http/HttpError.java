package dev.mainstay.service.http;

import dev.mainstay.api.ErrorCode;
import java.util.Map;

/// Why a request is not one that a route can answer; becomes its HTTP status at once.
///
/// **Errors:** after this the connection ends, because where the next request begins is not known.
final class HttpError extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final transient ErrorCode code;
    private final String what;
    private final String advice;
    private final transient Map<String, String> headers;

    HttpError(int status, String what, String advice) {
        this(status, ErrorCode.BAD_INPUT, what, advice, Map.of());
    }

    HttpError(int status, ErrorCode code, String what, String advice, Map<String, String> headers) {
        super(what);
        this.status = status;
        this.code = code;
        this.what = what;
        this.advice = advice;
        this.headers = Map.copyOf(headers);
    }

    /// What came over the connection is not HTTP/1.1.
    static HttpError notHttp(String what) {
        return new HttpError(
                400,
                "this is not a request that can be understood: %s".formatted(what),
                "Send HTTP/1.1 with a request line and headers of at most 8 KiB each.");
    }

    int status() {
        return status;
    }

    ErrorCode code() {
        return code;
    }

    String what() {
        return what;
    }

    String advice() {
        return advice;
    }

    /// Headers that belong to this status, such as `Allow`.
    Map<String, String> headers() {
        return headers;
    }
}
