package dev.mainstay.api;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A resource monitor of the node that answers.
///
/// @param state `starting`, `ready`, `not answering`, `waiting`, `ending`, `stuck` or `ended`
/// @param pid its process, 0 while there is none
/// @param since when the state was entered, ISO 8601 in UTC
/// @param startsAt when it is started again, or empty
/// @param debugPort where a debugger can be attached on 127.0.0.1, 0 when it cannot
/// @param crashes how often it ended unasked within the last hour
/// @param lastEnd how the process before ended, with its last output, or empty
/// @param lastEndAt when that was, or empty
/// @param evidence the file with the evidence of that, or empty
/// @param memoryMib resident memory, in MiB; 0 while there is no process
/// @param limits which limits hold and which are not enforced
/// @param trouble what an operator must see to, or empty
/// @param isolated what is kept apart in it, why and until when
/// @param resources what it hosts
/// @param refusedTypes what it could not load as a resource type, each with the reason
/// @param measures what it measured; absent in a list of monitors
@Json
public record MonitorView(
        String name,
        String node,
        String state,
        long pid,
        String since,
        String startsAt,
        int debugPort,
        int crashes,
        String lastEnd,
        String lastEndAt,
        String evidence,
        double memoryMib,
        String limits,
        String trouble,
        List<String> isolated,
        List<String> resources,
        List<String> refusedTypes,
        @Nullable MeasuresView measures) {
    /// This monitor with what it measured.
    public MonitorView with(MeasuresView measured) {
        return new MonitorView(
                name,
                node,
                state,
                pid,
                since,
                startsAt,
                debugPort,
                crashes,
                lastEnd,
                lastEndAt,
                evidence,
                memoryMib,
                limits,
                trouble,
                isolated,
                resources,
                refusedTypes,
                measured);
    }
}
