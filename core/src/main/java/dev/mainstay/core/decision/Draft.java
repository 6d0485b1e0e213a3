package dev.mainstay.core.decision;

import dev.mainstay.core.event.Event;
import dev.mainstay.core.event.Evolution;
import dev.mainstay.core.state.ClusterState;
import java.util.ArrayList;
import java.util.List;

/// A decision in the making: the events so far and the state they lead to.
final class Draft {
    private ClusterState state;
    private final List<Event> events = new ArrayList<>();

    Draft(ClusterState state) {
        this.state = state;
    }

    ClusterState state() {
        return state;
    }

    void add(Event event) {
        events.add(event);
        state = Evolution.evolve(state, event);
    }

    Decision accepted() {
        return new Decision.Accepted(events);
    }
}
