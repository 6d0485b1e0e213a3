package dev.mainstay.api;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Objects;

/// What one resource monitor measured since its start.
///
/// Quantiles of several monitors must not be averaged, so each is told by itself.
///
/// @param at when it told this, ISO 8601 in UTC
/// @param fresh whether it answered just now; otherwise this is what it told the last time it was asked
/// @param calls one for each type and entry point that was called
/// @param running calls under way
/// @param pollsLate by how much checks began later than planned
/// @param polls how many checks began
@Json
public record MeasuresView(
        String monitor,
        String at,
        boolean fresh,
        List<CallsView> calls,
        List<RunningView> running,
        SpreadView pollsLate,
        long polls) {
    /// Nothing is no call.
    public MeasuresView {
        calls = Objects.requireNonNullElse(calls, List.of());
        running = Objects.requireNonNullElse(running, List.of());
    }

    /// The calls of one entry point of one type in one monitor.
    ///
    /// @param count how many ended
    /// @param slow how many of them took over 300 ms
    /// @param slowestAt when the longest ended, or empty
    /// @param slowestStack where the thread stood when the longest slow call went over 300 ms, or empty
    @Json
    public record CallsView(
            String monitor,
            String type,
            String call,
            long count,
            long slow,
            SpreadView durations,
            String slowestResource,
            String slowestAt,
            String slowestStack) {}

    /// How times are spread, in microseconds.
    @Json
    public record SpreadView(long p50Micros, long p90Micros, long p99Micros, long p999Micros, long maxMicros) {}

    /// A call under way.
    ///
    /// @param since when it began
    @Json
    public record RunningView(String resource, String type, String call, String since) {}
}
