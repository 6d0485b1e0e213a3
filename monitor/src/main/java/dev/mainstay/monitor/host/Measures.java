package dev.mainstay.monitor.host;

import dev.mainstay.monitor.host.Incident.Call;
import dev.mainstay.monitor.host.Incident.Underway;
import dev.mainstay.protocol.ToService;
import dev.mainstay.protocol.ToService.Measures.CallMeasure;
import dev.mainstay.protocol.ToService.Measures.RunningCall;
import dev.mainstay.protocol.ToService.Measures.Spread;
import java.lang.System.Logger.Level;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.HdrHistogram.Histogram;

/// How long calls took, and by how much checks began later than planned, since this monitor started.
///
/// **Threads:** any.
final class Measures {
    /// Two significant digits: a percentile is exact to one in a hundred, and a histogram takes a few KiB.
    private static final int DIGITS = 2;

    private static final Comparator<CallMeasure> BY_NAME =
            Comparator.comparing(CallMeasure::type).thenComparing(CallMeasure::call);

    private final Time time;
    private final Voice voice;
    private final ConcurrentHashMap<Kind, OfKind> kinds = new ConcurrentHashMap<>();
    private final Histogram pollsLate = new Histogram(DIGITS);

    private record Kind(String type, String call) {}

    Measures(Time time, Voice voice) {
        this.time = time;
        this.voice = voice;
    }

    /// @param slowStack where its thread stood when it went over the limit of a slow call, or empty
    void ended(Call call, long micros, String slowStack) {
        var kind = new Kind(call.type(), call.name());
        var measured = kinds.get(kind);
        if (measured == null) {
            measured = kinds.computeIfAbsent(kind, _ -> new OfKind());
        }
        if (measured.ended(call, micros, slowStack)) {
            warn(call, micros);
        }
    }

    private void warn(Call call, long micros) {
        voice.log(
                Level.WARNING,
                call.resource(),
                "entry point '%s' of type '%s' took %d ms: it should return within %d ms. Longer work belongs in a"
                                .formatted(call.name(), call.type(), micros / 1_000, Deadline.SLOW_MILLIS)
                        + " worker (Operation.pending). Further slow calls are only counted.");
    }

    /// A check began so many microseconds after it was planned.
    void polled(long lateMicros) {
        synchronized (pollsLate) {
            pollsLate.recordValue(Math.max(0, lateMicros));
        }
    }

    /// Everything measured so far.
    ///
    /// @param id of the question
    ToService.Measures answer(long id, List<Underway> underway) {
        var calls = kinds.entrySet().stream()
                .map(entry -> entry.getValue().measure(entry.getKey()))
                .sorted(BY_NAME)
                .toList();
        var running = underway.stream()
                .map(one -> new RunningCall(
                        one.call().resource(), one.call().type(), one.call().name(), one.sinceMicros()))
                .toList();
        synchronized (pollsLate) {
            return new ToService.Measures(id, calls, running, spread(pollsLate), pollsLate.getTotalCount());
        }
    }

    private static Spread spread(Histogram histogram) {
        return new Spread(
                histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(90),
                histogram.getValueAtPercentile(99),
                histogram.getValueAtPercentile(99.9),
                histogram.getMaxValue());
    }

    /// The calls of one entry point of one type.
    private final class OfKind {
        private final Histogram durations = new Histogram(DIGITS);
        private long slow;
        private long slowestMicros = -1;
        private long slowestAtMicros;
        private String slowestResource = "";
        private String slowestStack = "";

        /// Answers whether it was the first slow one.
        synchronized boolean ended(Call call, long micros, String stack) {
            durations.recordValue(Math.max(0, micros));
            if (micros > slowestMicros) {
                slowestMicros = micros;
                slowestAtMicros = time.micros();
                slowestResource = call.resource();
                slowestStack = stack;
            }
            return micros > Deadline.SLOW_MILLIS * 1_000 && ++slow == 1;
        }

        synchronized CallMeasure measure(Kind kind) {
            return new CallMeasure(
                    kind.type,
                    kind.call,
                    durations.getTotalCount(),
                    slow,
                    spread(durations),
                    slowestResource,
                    slowestAtMicros,
                    slowestStack);
        }
    }
}
