package dev.mainstay.monitor.host;

import dev.mainstay.monitor.step.StepSettings;
import dev.mainstay.protocol.ResourceSpec;
import dev.mainstay.spi.TypeDescription;
import java.util.List;
import java.util.Optional;

/// The time settings of one resource: its own, or its type's.
final class Intervals {
    /// Shortest interval of a check in milliseconds, as in the field.
    private static final long SHORTEST_MILLIS = 10;

    /// Settings of a resource whose type is not here: it is never called, so the values have no effect.
    private static final TypeDescription ABSENT = TypeDescription.of("absent", "0", "", List.of());

    private Intervals() {}

    static StepSettings of(ResourceSpec spec, Optional<HostedType> type) {
        var description = type.map(HostedType::description).orElse(ABSENT);
        long looksAlive = interval(
                spec.looksAliveMillis(), description.looksAliveInterval().toMillis());
        long isAlive =
                interval(spec.isAliveMillis(), description.isAliveInterval().toMillis());
        long pending = spec.pendingTimeoutMillis() > 0
                ? spec.pendingTimeoutMillis()
                : description.pendingTimeout().toMillis();
        return new StepSettings(
                Math.min(pending, deadlockMillis(spec, description)),
                looksAlive,
                isAlive,
                1 + spread(spec.resource(), looksAlive),
                1 + spread(spec.resource() + "/thorough", isAlive));
    }

    static long deadlockMillis(ResourceSpec spec, TypeDescription description) {
        return spec.deadlockTimeoutMillis() > 0
                ? spec.deadlockTimeoutMillis()
                : description.deadlockTimeout().toMillis();
    }

    private static long interval(long own, long ofType) {
        return Math.max(SHORTEST_MILLIS, own > 0 ? own : ofType);
    }

    /// A place within the interval that depends on the name alone: many resources are spread evenly.
    private static long spread(String name, long interval) {
        long mixed = name.hashCode() * 0x9E3779B97F4A7C15L;
        return Math.floorMod(mixed ^ (mixed >>> 32), interval);
    }
}
