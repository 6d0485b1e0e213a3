package dev.mainstay.api;

import io.avaje.jsonb.Json;
import java.util.List;

/// What applying a manifest changes, or changed.
///
/// @param applied whether it was carried out
/// @param configRevision the configuration revision it was planned on; once applied, the one it reached
@Json
public record PlanView(boolean applied, long configRevision, List<Change> changes) {
    /// One change.
    ///
    /// @param action `add`, `change` or `delete`
    /// @param kind `type`, `group` or `resource`
    /// @param details what differs, one line each, such as `restart.delay: 500ms -> 0ms`; of a
    ///     property of a resource that runs also when it takes effect
    /// @param consequence what it means for what runs, such as `takes effect at the next online`
    @Json
    public record Change(String action, String kind, String name, List<String> details, String consequence) {
        /// Nobody reads more of one line.
        private static final int LONGEST_DETAIL = 1_000;

        /// Cuts lines that are too long to be read.
        public Change {
            details = details.stream().map(Change::cut).toList();
        }

        private static String cut(String detail) {
            return detail.length() <= LONGEST_DETAIL
                    ? detail
                    : detail.substring(0, LONGEST_DETAIL) + "... (%,d characters)".formatted(detail.length());
        }
    }
}
