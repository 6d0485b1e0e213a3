package dev.mainstay.monitor.host;

import dev.mainstay.protocol.ResourceSpec;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/// Which resources may go offline next, so that dependents go before their providers.
final class StopOrder {
    private StopOrder() {}

    /// @param up the resources that still run or are under way
    /// @return those of `up` that nothing else in `up` needs; all of `up` when they need one another in a circle
    static Set<String> next(Collection<ResourceSpec> specs, Set<String> up) {
        Set<String> free = new TreeSet<>(up);
        for (var spec : specs) {
            if (up.contains(spec.resource())) {
                spec.providers()
                        .forEach(alternatives -> alternatives.stream()
                                .filter(provider -> !provider.equals(spec.resource()))
                                .forEach(free::remove));
            }
        }
        return free.isEmpty() ? new TreeSet<>(up) : free;
    }
}
