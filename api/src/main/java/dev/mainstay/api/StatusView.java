package dev.mainstay.api;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Objects;

/// The whole cluster at one revision.
///
/// @param cluster its name
/// @param revision number of log entries applied on the node that answers
/// @param node the node that answers
/// @param leader the node that decides, or empty while there is none
/// @param notices what is not as it should be on the node that answers, one sentence each
@Json
public record StatusView(
        String cluster,
        long revision,
        String node,
        String leader,
        List<NodeView> nodes,
        List<GroupView> groups,
        List<String> notices) {
    /// A service of an older version tells no notices.
    public StatusView {
        notices = Objects.requireNonNullElse(notices, List.of());
    }
}
