package dev.mainstay.service.node;

import dev.mainstay.core.order.Order;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.service.monitors.MonitorName;
import dev.mainstay.service.monitors.MonitorSetup;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Brings each resource to the monitor that shall host it: orders go to the one that holds it, a change waits
/// until the resource is at rest, and nothing is opened while another monitor may still hold it.
///
/// **Threads:** one.
final class Hosting {
    /// Why a resource is closed here to be opened elsewhere; a reason of the resource type contract.
    private static final String ANOTHER_MONITOR = "RESTART";

    /// A monitor starts and adopts within half a second; one that does not must not keep the culprit waiting for
    /// long.
    private static final Duration BYSTANDERS_FIRST = Duration.ofSeconds(2);

    private final NodeId self;
    private final HeldResources held;
    private final Incidents incidents;
    private final MonitorNeeds needs;
    private final Set<ResourceId> debugged = new TreeSet<>();
    private final Set<ResourceId> leaving = new TreeSet<>();
    private final Map<String, Long> heldBackSince = new TreeMap<>();

    /// Which monitor hosts what.
    ///
    /// @param places the monitor of each resource that one of them holds
    /// @param notes what is special about the monitor of a resource, in words
    /// @param debugged the resources that are debugged, or are to be
    record View(SortedMap<ResourceId, String> places, SortedMap<ResourceId, String> notes, Set<ResourceId> debugged) {
        static final View NOTHING = new View(new TreeMap<>(), new TreeMap<>(), Set.of());

        /// What a monitor hosts.
        List<String> hostedBy(String monitor) {
            return places.entrySet().stream()
                    .filter(place -> place.getValue().equals(monitor))
                    .map(place -> place.getKey().value())
                    .toList();
        }
    }

    /// What follows from a wish to debug a resource, or to debug it no longer.
    ///
    /// @param monitor where it shall be hosted
    /// @param atOnce whether it goes there at once: it is at rest; otherwise after it was offline
    record Debugging(String monitor, boolean atOnce) {}

    Hosting(NodeId self, HeldResources held, Incidents incidents, Desks desks) {
        this.self = self;
        this.held = held;
        this.incidents = incidents;
        this.needs = new MonitorNeeds(desks);
    }

    /// A monitor of an earlier start of the service runs.
    void takenUp(String monitor) {
        needs.takenUp(monitor);
    }

    /// The orders that can be followed now, in their order; starts and ends monitors on the way.
    ///
    /// @param unsettled monitors of which it is not known what they hold: while there are any, nothing is opened
    List<Order> route(
            List<Order> orders, ClusterState state, Set<String> attached, Set<String> unsettled, Instant now) {
        incidents.isolation().expire(now);
        debugged.removeIf(id -> state.resource(id).isEmpty());
        findLeaving(state);
        need(state, attached);
        var routed = new ArrayList<Order>();
        for (var order : orders) {
            var id = order.resource();
            var host = held.hostOf(id);
            if (host.isEmpty()) {
                if (order instanceof Order.Open && unsettled.isEmpty() && attached.contains(destination(id, state))) {
                    routed.add(order);
                }
            } else if (attached.contains(host.get()) && !leaving.contains(id)) {
                // Told to open elsewhere before: the report that it did so is on its way.
                routed.add(order);
            }
        }
        for (var id : leaving) {
            if (held.hostOf(id).filter(attached::contains).isPresent()) {
                routed.add(new Order.Close(id, ANOTHER_MONITOR));
            }
        }
        return routed;
    }

    private void findLeaving(ClusterState state) {
        leaving.clear();
        held.all()
                .forEach((id, one) -> state.resource(id).ifPresent(resource -> {
                    var elsewhere = isMine(resource, state)
                            && held.hostOf(id)
                                    .filter(host -> !host.equals(wanted(resource, state)))
                                    .isPresent();
                    if (elsewhere && MonitorAssignment.mayMove(Translation.held(one), one.sequence(), resource, self)) {
                        leaving.add(id);
                    }
                }));
    }

    private void need(ClusterState state, Set<String> attached) {
        var wanted = new TreeMap<String, MonitorSetup>();
        for (var resource : state.resources().values()) {
            var id = resource.settings().id();
            if (isMine(resource, state) && (held.hostOf(id).isEmpty() || leaving.contains(id))) {
                add(wanted, wanted(resource, state), resource, state);
            }
            held.hostOf(id).ifPresent(host -> add(wanted, host, resource, state));
        }
        long now = System.nanoTime();
        holdBack(wanted, attached, now);
        needs.compare(wanted, held.hosts(), now);
    }

    /// Bystanders first: the monitor of a resource that ended theirs takes no core while theirs starts and adopts
    /// them.
    private void holdBack(Map<String, MonitorSetup> wanted, Set<String> attached, long nowNanos) {
        var apart = incidents.isolation().resources().stream()
                .map(MonitorName::ofResource)
                .filter(name -> wanted.containsKey(name) && !attached.contains(name))
                .collect(Collectors.toSet());
        heldBackSince.keySet().retainAll(apart);
        var culprits = incidents.isolation().resources();
        boolean othersWait =
                wanted.keySet().stream().anyMatch(name -> !apart.contains(name) && !attached.contains(name))
                        || held.unconfirmed().stream().anyMatch(id -> !culprits.contains(id));
        for (var name : apart) {
            long since = heldBackSince.computeIfAbsent(name, _ -> nowNanos);
            if (othersWait && nowNanos - since < BYSTANDERS_FIRST.toNanos()) {
                wanted.remove(name);
            }
        }
    }

    private static void add(Map<String, MonitorSetup> wanted, String monitor, Resource resource, ClusterState state) {
        var type = state.typeSettings(resource.settings().type());
        wanted.put(monitor, MonitorAssignment.setup(monitor, type));
    }

    private boolean isMine(Resource resource, ClusterState state) {
        return state.group(resource.settings().group())
                .filter(group -> group.status().owner().equals(self))
                .isPresent();
    }

    /// The resources of groups that this node owns.
    Set<ResourceId> mine(ClusterState state) {
        var mine = new TreeSet<ResourceId>();
        state.resources().forEach((id, resource) -> {
            if (isMine(resource, state)) {
                mine.add(id);
            }
        });
        return mine;
    }

    /// The monitor that shall host a resource.
    String destination(ResourceId id, ClusterState state) {
        return state.resource(id).map(resource -> wanted(resource, state)).orElse(MonitorName.DEFAULT);
    }

    private String wanted(Resource resource, ClusterState state) {
        var isolation = incidents.isolation();
        return MonitorAssignment.wanted(
                resource,
                state.typeSettings(resource.settings().type()),
                new MonitorAssignment.Local(isolation.resources(), isolation.types(), debugged));
    }

    /// The sequence number that the leader knows of a resource on this node.
    long reported(ResourceId id, ClusterState state) {
        return state.resource(id)
                .map(resource -> resource.status().observed())
                .filter(observed -> observed.node().equals(self))
                .map(observed -> observed.sequence())
                .orElse(0L);
    }

    /// Has a resource debugged, or no longer.
    Debugging debug(ResourceId id, boolean begins, String actor, ClusterState state) {
        boolean changed = begins ? debugged.add(id) : debugged.remove(id);
        if (changed) {
            var group = state.resource(id)
                    .map(resource -> resource.settings().group().value())
                    .orElse("");
            incidents.debug(id, group, begins, actor);
        }
        findLeaving(state);
        var destination = destination(id, state);
        boolean there = held.hostOf(id).filter(destination::equals).isPresent();
        return new Debugging(destination, there || held.hostOf(id).isEmpty() || leaving.contains(id));
    }

    /// Which monitor hosts what, as it is now.
    View view(ClusterState state) {
        var notes = new TreeMap<ResourceId, String>();
        held.places().forEach((id, host) -> {
            var said = new ArrayList<String>();
            if (debugged.contains(id)) {
                said.add("debugged: deadlock timeout and pending timeout do not hold");
            }
            incidents.isolation().why(id).ifPresent(apart -> said.add(apart.text()));
            var destination = destination(id, state);
            if (!destination.equals(host)) {
                said.add("goes to monitor '%s' when it has been offline".formatted(destination));
            }
            if (!said.isEmpty()) {
                notes.put(id, String.join("; ", said));
            }
        });
        return new View(held.places(), notes, Set.copyOf(debugged));
    }
}
