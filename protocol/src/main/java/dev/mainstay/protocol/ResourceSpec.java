package dev.mainstay.protocol;

import java.util.List;
import java.util.Map;

/// What a monitor needs to know to host a resource.
///
/// @param resource its name
/// @param group its group's name
/// @param type its type's name
/// @param properties private properties: one value for plain kinds, several for a list, `name=value` each for a
///     map
/// @param providers resources that must be online first, as alternatives: the outer list is "and", the inner "or"
/// @param looksAliveMillis time between LooksAlive calls in milliseconds, 0 for the type's default
/// @param isAliveMillis time between IsAlive calls in milliseconds, 0 for the type's default
/// @param pendingTimeoutMillis longest time between checkpoints in milliseconds, 0 for the type's default
/// @param deadlockTimeoutMillis longest time of a call in milliseconds, 0 for the type's default
/// @param revision the configuration revision these settings come from
/// @param maintenance whether verdicts of checks and failure signals are only noted; takes effect at once
public record ResourceSpec(
        String resource,
        String group,
        String type,
        Map<String, List<String>> properties,
        List<List<String>> providers,
        long looksAliveMillis,
        long isAliveMillis,
        long pendingTimeoutMillis,
        long deadlockTimeoutMillis,
        long revision,
        boolean maintenance) {
    /// Checks what is computed with.
    public ResourceSpec {
        Permitted.name("the resource", resource);
        Permitted.millis("the LooksAlive interval", looksAliveMillis);
        Permitted.millis("the IsAlive interval", isAliveMillis);
        Permitted.millis("the pending timeout", pendingTimeoutMillis);
        Permitted.millis("the deadlock timeout", deadlockTimeoutMillis);
        Permitted.count("the revision", revision);
    }

    /// Settings of a resource that is not in maintenance.
    public ResourceSpec(
            String resource,
            String group,
            String type,
            Map<String, List<String>> properties,
            List<List<String>> providers,
            long looksAliveMillis,
            long isAliveMillis,
            long pendingTimeoutMillis,
            long deadlockTimeoutMillis,
            long revision) {
        this(
                resource,
                group,
                type,
                properties,
                providers,
                looksAliveMillis,
                isAliveMillis,
                pendingTimeoutMillis,
                deadlockTimeoutMillis,
                revision,
                false);
    }
}
