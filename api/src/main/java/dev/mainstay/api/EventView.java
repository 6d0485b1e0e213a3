package dev.mainstay.api;

import io.avaje.jsonb.Json;
import java.util.Map;

/// One fact from the journal.
///
/// @param id place in the order of facts: revision and number within the entry; also the token to go on after
/// @param time cluster time, ISO 8601 in UTC with microseconds
/// @param event kind of fact, such as `ResourceFailed`
/// @param group the group concerned, or empty
/// @param resource the resource concerned, or empty
/// @param node the node concerned, or empty
/// @param rule the rule that applied
/// @param text why, in words
/// @param command the kind of command that triggered it
/// @param actor who sent that command
/// @param cause the command in words
/// @param fields what else the fact says; times in microseconds since 1970 end in `Micros`
@Json
public record EventView(
        String id,
        String time,
        String event,
        String group,
        String resource,
        String node,
        String rule,
        String text,
        String command,
        String actor,
        String cause,
        Map<String, String> fields) {}
