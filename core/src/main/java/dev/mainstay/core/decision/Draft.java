package dev.mainstay.core.decision;

import dev.mainstay.core.event.Event;
import dev.mainstay.core.event.Evolution;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.GroupId;
import dev.mainstay.core.state.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// A decision in the making: the events so far and the state they lead to.
final class Draft {
    private ClusterState state;
    private final List<Event> events = new ArrayList<>();
    /// Why groups do not fail over. It holds for all that fails with one report, and to find it takes a look at
    /// all resources of the group.
    private final Map<GroupId, Reason> stays = new HashMap<>();

    Draft(ClusterState state) {
        this.state = state;
    }

    ClusterState state() {
        return state;
    }

    void add(Event event) {
        events.add(event);
        if (!keepsPlaces(event)) {
            stays.clear();
        }
        state = Evolution.evolve(state, event);
    }

    /// Whether nothing that a failover depends on is changed.
    private static boolean keepsPlaces(Event event) {
        return event instanceof Event.ResourceObserved
                || event instanceof Event.ResourceFailed
                || event instanceof Event.RetryScheduled
                || event instanceof Event.ResourceGivenUp;
    }

    /// Why a group does not fail over; empty when it does.
    Optional<Reason> stay(GroupId group, Supplier<Optional<Reason>> decision) {
        var known = stays.get(group);
        if (known != null) {
            return Optional.of(known);
        }
        var decided = decision.get();
        decided.ifPresent(reason -> stays.put(group, reason));
        return decided;
    }

    Decision accepted() {
        return new Decision.Accepted(events);
    }
}
