package dev.mainstay.api;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A resource.
///
/// @param state `initializing`, `offline`, `online pending`, `online`, `offline pending` or `failed`
/// @param wanted `online` or `offline`, its group's persistent state or its own
/// @param since when the state was entered, ISO 8601 in UTC, or empty
/// @param checkpoint the step a pending operation is at, or empty
/// @param detail evidence or error, or empty
/// @param recovery what happens next after a failure, in words, or empty
/// @param restarts restarts counted within the restart period
/// @param dependsOn the dependency as written in a manifest, or empty
/// @param reason why it is as it is, in one sentence
/// @param conditions what holds beside the state, each with its words: `maintenance`, `locked`, `embeddedFailure`,
///     `networkLoss`, `ignoredFailure`; `lastKnown`: why the state is only what was last known
/// @param monitor the resource monitor that hosts it on the node that answers, or empty
/// @param monitorNote what is special about that, such as why it is kept apart or where a debugger can be attached
@Json
public record ResourceView(
        String name,
        String group,
        String type,
        String state,
        String wanted,
        String owner,
        String since,
        String checkpoint,
        String detail,
        String recovery,
        long attempt,
        int restarts,
        String dependsOn,
        String reason,
        Map<String, List<String>> properties,
        Map<String, String> conditions,
        String monitor,
        String monitorNote) {
    /// A service of an older version does not tell of monitors.
    public ResourceView {
        monitor = Objects.requireNonNullElse(monitor, "");
        monitorNote = Objects.requireNonNullElse(monitorNote, "");
    }
}
