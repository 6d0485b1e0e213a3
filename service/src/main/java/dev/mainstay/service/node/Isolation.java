package dev.mainstay.service.node;

import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.TypeName;
import dev.mainstay.core.state.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What is kept apart on this node because one of its calls ended a monitor, and for how long.
///
/// It is not configuration: a restart of the cluster service ends it.
///
/// **Threads:** one.
final class Isolation {
    private final Map<ResourceId, Apart> resources = new TreeMap<>();
    private final Map<TypeName, Apart> types = new TreeMap<>();

    /// How long something is kept apart.
    ///
    /// @param until empty: until the cluster service restarts
    /// @param why in words
    record Apart(Optional<Instant> until, String why) {
        private boolean holds(Instant now) {
            return until.isEmpty() || now.isBefore(until.get());
        }

        /// For an operator.
        String text() {
            return "isolated %s: %s"
                    .formatted(
                            until.map(time -> "until " + Words.of(time)).orElse("until the cluster service restarts"),
                            why);
        }
    }

    /// A call of a resource ended its monitor.
    ///
    /// @param span how long it is kept apart; zero: until the cluster service restarts
    void of(ResourceId resource, Duration span, Instant now, String why) {
        resources.put(resource, apart(span, now, why));
    }

    /// A call of a type, of no resource of it, ended a monitor.
    void of(TypeName type, Duration span, Instant now, String why) {
        types.put(type, apart(span, now, why));
    }

    private static Apart apart(Duration span, Instant now, String why) {
        return new Apart(span.isZero() ? Optional.empty() : Optional.of(now.plus(span)), why);
    }

    /// Forgets what is over.
    void expire(Instant now) {
        resources.values().removeIf(apart -> !apart.holds(now));
        types.values().removeIf(apart -> !apart.holds(now));
    }

    /// The resources kept apart.
    Set<ResourceId> resources() {
        return new TreeSet<>(resources.keySet());
    }

    /// The types kept apart.
    Set<TypeName> types() {
        return new TreeSet<>(types.keySet());
    }

    /// Why a resource is kept apart, if it is.
    Optional<Apart> why(ResourceId resource) {
        return Optional.ofNullable(resources.get(resource));
    }
}
