package dev.mainstay.api;

import io.avaje.jsonb.Json;
import java.util.List;

/// Why a request failed: problem details with the fields of ours that a program decides by.
///
/// @param type what kind of error, as a URI; the same for the same code
/// @param title the kind in words
/// @param status of the HTTP answer
/// @param detail what was asked and what is so
/// @param code such as `MST2107`
/// @param advice what to do
/// @param problems places in a manifest, in the order of the file; otherwise empty
/// **Source:** RFC 9457.
@Json
public record ErrorView(
        String type, String title, int status, String detail, String code, String advice, List<Problem> problems) {
    /// The media type of an answer that holds one.
    public static final String MEDIA_TYPE = "application/problem+json";

    /// One thing wrong in a manifest.
    ///
    /// @param line 1 for the first
    /// @param column 1 for the first
    @Json
    public record Problem(String file, int line, int column, String message, String advice) {}

    /// An error as it is answered with this status.
    public static ErrorView of(ClusterException refused, int status) {
        var message = refused.getMessage();
        return new ErrorView(
                "urn:mainstay:error:" + refused.code().code(),
                refused.code().title(),
                status,
                message == null ? "" : message,
                refused.code().code(),
                refused.advice(),
                refused.problems());
    }
}
