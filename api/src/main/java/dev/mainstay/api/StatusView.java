package dev.mainstay.api;

import io.avaje.jsonb.Json;
import java.util.List;

/// The whole cluster at one revision.
///
/// @param cluster its name
/// @param revision number of log entries applied on the node that answers
/// @param node the node that answers
/// @param leader the node that decides, or empty while there is none
@Json
public record StatusView(
        String cluster, long revision, String node, String leader, List<NodeView> nodes, List<GroupView> groups) {}
