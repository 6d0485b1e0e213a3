package dev.mainstay.service.journal;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/// A fact of one node alone: it is in the journal of that node, not in the replicated log.
///
/// @param event kind of fact, such as `MonitorEnded`
/// @param group the group concerned, or empty
/// @param resource the resource concerned, or empty
/// @param rule the rule that applied
/// @param text why, in words
/// @param actor who caused it
/// @param fields what else it says; times in microseconds since 1970 end in `Micros`
public record LocalFact(
        Instant time,
        String event,
        String group,
        String resource,
        String node,
        String rule,
        String text,
        String actor,
        Map<String, String> fields) {
    /// Copies the map.
    public LocalFact {
        fields = Map.copyOf(new TreeMap<>(fields));
    }
}
