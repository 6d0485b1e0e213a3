package dev.mainstay.api;

import io.avaje.jsonb.Json;
import java.util.List;

/// Why a request failed.
///
/// @param code such as `MST2107`
/// @param message what was asked and what is so
/// @param advice what to do
/// @param problems places in a manifest, in the order of the file; otherwise empty
@Json
public record ErrorView(String code, String message, String advice, List<Problem> problems) {
    /// One thing wrong in a manifest.
    ///
    /// @param line 1 for the first
    /// @param column 1 for the first
    @Json
    public record Problem(String file, int line, int column, String message, String advice) {}
}
