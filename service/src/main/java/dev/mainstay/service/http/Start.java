package dev.mainstay.service.http;

import dev.mainstay.api.ClusterException;
import dev.mainstay.api.ErrorCode;
import java.time.Duration;
import java.util.List;

/// Holds requests back until this node takes part: before, it has replayed its log in part at most, and what it
/// would tell is neither so now nor was it ever.
final class Start {
    /// Usually a node that starts takes part within this time.
    static final Duration LIMIT = Duration.ofSeconds(2);

    /// These need no state: the node can be stopped, and its types be asked for, while it has no leader.
    private static final List<List<String>> AT_ONCE =
            List.of(Route.split("/v1/node/stop"), Route.split("/v1/types"), Route.split("/v1/schema"));

    private final Surroundings surroundings;
    private final Changes changes;

    Start(Surroundings surroundings, Changes changes) {
        this.surroundings = surroundings;
        this.changes = changes;
    }

    Route before(Route route) {
        if (AT_ONCE.contains(route.path())) {
            return route;
        }
        return route.with(call -> {
            await();
            return route.answering().answer(call);
        });
    }

    /// **Errors:** `NO_LEADER` when the node does not take part in time.
    private void await() throws InterruptedException {
        if (changes.await(surroundings.joined(), LIMIT)) {
            return;
        }
        var leader = surroundings.cluster().leader();
        throw new ClusterException(
                ErrorCode.NO_LEADER,
                "node '%s' is starting: %s"
                        .formatted(
                                surroundings.node(),
                                leader.isPresent()
                                        ? "it catches up with the log of node '%s'".formatted(leader.get())
                                        : "it has not found a node that leads the cluster yet"),
                "Repeat it in a moment. If this stays, see that more than half of the cluster's nodes run and reach one"
                        + " another.");
    }
}
