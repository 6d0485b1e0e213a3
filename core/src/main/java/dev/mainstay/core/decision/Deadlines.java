package dev.mainstay.core.decision;

import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Recovery;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/// When the leader has to decide again though nobody asks.
public final class Deadlines {
    private Deadlines() {}

    /// The earliest deadline of the state, if there is one; then [Command.PassDeadline] is due. Maintenance stops
    /// the clock of a resource.
    public static Optional<Instant> next(ClusterState state) {
        return state.resources().values().stream()
                .filter(resource -> !resource.status().maintenance().on())
                .flatMap(resource -> switch (resource.status().recovery()) {
                    case Recovery.RestartAt restart -> Stream.of(restart.due());
                    case Recovery.RetryAt retry -> Stream.of(retry.due());
                    case Recovery.None _, Recovery.StayFailed _ -> Stream.<Instant>empty();
                })
                .min(Instant::compareTo);
    }
}
