package dev.mainstay.core.order;

import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.GroupStatus;
import dev.mainstay.core.state.GroupStatus.Transfer;
import dev.mainstay.core.state.Node;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Recovery;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a node has to tell its monitors now.
///
/// Level-triggered: asked again with the same arguments it gives the same orders, and a node that carries
/// them out and asks again arrives at what was decided, however often messages were lost or processes were
/// replaced on the way.
public final class Orders {
    private final NodeId node;
    private final ClusterState state;
    private final SortedMap<ResourceId, Held> held;
    private final SortedMap<ResourceId, Resource> mine = new TreeMap<>();
    private final Map<ResourceId, Set<ResourceId>> dependents = new TreeMap<>();
    private final Set<ResourceId> toStop = new TreeSet<>();

    private Orders(NodeId node, ClusterState state, SortedMap<ResourceId, Held> held) {
        this.node = node;
        this.state = state;
        this.held = held;
        for (var resource : state.resources().values()) {
            boolean isMine = status(resource).owner().equals(node);
            if (isMine) {
                mine.put(resource.settings().id(), resource);
            }
            // what another node owns may still run here, and goes in order as well
            if (isMine || held.containsKey(resource.settings().id())) {
                for (var provider : resource.settings().dependency().providers()) {
                    dependents
                            .computeIfAbsent(provider, _ -> new TreeSet<>())
                            .add(resource.settings().id());
                }
            }
        }
        findWhatMustStop();
    }

    /// The orders for a node.
    ///
    /// @param held what the node's monitors hold, as they last reported
    public static List<Order> ordersFor(NodeId node, ClusterState state, SortedMap<ResourceId, Held> held) {
        var orders = new Orders(node, state, held);
        var all = new ArrayList<Order>();
        orders.forWhatIsNotMine(all);
        orders.mine.values().forEach(resource -> orders.forMine(resource, all));
        return List.copyOf(all);
    }

    /// The resources that go on although the cluster service of their node is told to stop: those that somebody
    /// works on, and what they need.
    ///
    /// A stop of the whole cluster keeps nothing, and neither does a command that is under way.
    public static Set<ResourceId> keptAtStop(NodeId node, ClusterState state) {
        var kept = new TreeSet<ResourceId>();
        var stops = state.node(node).filter(one -> one.state() == Node.State.STOPPING);
        if (stops.isEmpty() || state.stopping()) {
            return kept;
        }
        var open = new ArrayDeque<ResourceId>();
        state.resources().values().stream()
                .filter(resource -> resource.status().maintenance().on())
                .filter(resource -> staysOn(node, resource, state))
                .forEach(resource -> open.add(resource.settings().id()));
        while (!open.isEmpty()) {
            var next = open.remove();
            if (kept.add(next)) {
                state.resource(next).stream()
                        .flatMap(resource -> resource.settings().dependency().providers().stream())
                        .filter(provider -> state.resource(provider)
                                .filter(resource -> staysOn(node, resource, state))
                                .isPresent())
                        .forEach(open::add);
            }
        }
        return kept;
    }

    private static boolean staysOn(NodeId node, Resource resource, ClusterState state) {
        return state.wantedOnline(resource)
                && !resource.status().restarting()
                && state.group(resource.settings().group())
                        .map(group -> group.status())
                        .filter(status -> status.owner().equals(node) && status.transfer() instanceof Transfer.None)
                        .isPresent();
    }

    private void forWhatIsNotMine(List<Order> orders) {
        held.forEach((id, what) -> {
            if (mine.containsKey(id)) {
                return;
            }
            var reason = state.resource(id).isEmpty() ? "DELETED" : "MOVE";
            if (what.state().atRest()) {
                orders.add(new Order.Close(id, reason));
            } else if (what.state() != ResourceState.OFFLINE_PENDING && nothingHereNeeds(id)) {
                orders.add(new Order.TakeOffline(id, what.epoch(), reason));
            }
        });
    }

    private boolean nothingHereNeeds(ResourceId id) {
        return dependents.getOrDefault(id, Set.of()).stream().allMatch(dependent -> {
            var what = held.get(dependent);
            return what == null || what.state().atRest();
        });
    }

    private void forMine(Resource resource, List<Order> orders) {
        var id = resource.settings().id();
        var what = held.get(id);
        if (what == null) {
            orders.add(new Order.Open(id, timed(resource)));
            return;
        } else if (what.state().atRest() && what.revision() < resource.revision()) {
            orders.add(new Order.Close(id, "RESTART"));
            return;
        } else if (what.revision() < resource.specRevision()) {
            orders.add(new Order.Update(id, timed(resource)));
        }
        var failing = resource.status().failing();
        if (failing.attempt() == resource.status().attempt()
                && what.attempt() == failing.attempt()
                && what.state() == ResourceState.ONLINE) {
            orders.add(new Order.Fail(id, failing.attempt(), failing.why()));
        } else if (toStop.contains(id)) {
            stop(resource, what, orders);
        } else {
            start(resource, what, orders);
        }
    }

    private Resource timed(Resource resource) {
        return resource.timedBy(state.typeSettings(resource.settings().type()));
    }

    private void stop(Resource resource, Held what, List<Order> orders) {
        var id = resource.settings().id();
        var epoch = status(resource).epoch();
        switch (what.state()) {
            case ONLINE, ONLINE_PENDING -> {
                if (needing(id).stream().allMatch(this::atRest)) {
                    orders.add(new Order.TakeOffline(id, epoch, reasonToStop(resource)));
                }
            }
            case OFFLINE, FAILED -> {
                // The owner of a moving group confirms rest in the epoch of the move; a failure that nobody wants
                // repaired any more is settled.
                var moving = status(resource).transfer() instanceof Transfer.To;
                var settled = what.state() == ResourceState.FAILED && !state.wantedOnline(resource);
                if ((moving && what.epoch() < epoch) || settled) {
                    orders.add(new Order.TakeOffline(id, epoch, reasonToStop(resource)));
                }
            }
            case INITIALIZING, OFFLINE_PENDING -> {}
        }
    }

    private void start(Resource resource, Held what, List<Order> orders) {
        var id = resource.settings().id();
        var status = resource.status();
        var startable = what.state() == ResourceState.OFFLINE
                || (what.state() == ResourceState.FAILED && what.attempt() < status.attempt());
        var nothingInTheWay = status.recovery() instanceof Recovery.None
                && !status.heldBack()
                && resource.settings()
                        .dependency()
                        .satisfiedBy(provider -> online(provider) && !toStop.contains(provider))
                && needing(id).stream().allMatch(this::atRest);
        if (startable && nothingInTheWay) {
            var reason = what.state() == ResourceState.FAILED ? "RESTART" : "PERSISTENT_STATE";
            orders.add(new Order.BringOnline(id, status(resource).epoch(), status.attempt(), reason));
        }
    }

    /// What may not run, and in turn whatever needs something that may not run or is known not to be online; what
    /// somebody works on is left alone by the latter.
    private void findWhatMustStop() {
        var kept = keptAtStop(node, state);
        mine.values().stream()
                .filter(resource -> !state.mayRun(resource))
                .filter(resource -> !kept.contains(resource.settings().id()))
                .forEach(resource -> toStop.add(resource.settings().id()));
        var open = new ArrayDeque<>(mine.values());
        while (!open.isEmpty()) {
            var resource = open.remove();
            var id = resource.settings().id();
            if (!toStop.contains(id)
                    && running(id)
                    && !resource.status().maintenance().on()
                    && !satisfied(resource)) {
                toStop.add(id);
                // These were looked at while this one still seemed to stay.
                for (var dependent : dependents.getOrDefault(id, Set.of())) {
                    Optional.ofNullable(mine.get(dependent)).ifPresent(open::add);
                }
            }
        }
    }

    /// A provider that a new monitor has not told of yet may well be online: ignorance stops nothing.
    private boolean satisfied(Resource resource) {
        return resource.settings()
                .dependency()
                .satisfiedBy(provider -> (online(provider) || unknown(provider)) && !toStop.contains(provider));
    }

    private String reasonToStop(Resource resource) {
        if (state.mayRun(resource)) {
            return "PROVIDER";
        }
        var owner = state.nodes().get(node);
        if (state.stopping() || (owner != null && owner.state() != Node.State.UP)) {
            return "SHUTDOWN";
        }
        if (state.wantedOnline(resource)
                && resource.status().restarting()
                && status(resource).transfer() instanceof Transfer.None) {
            return "RESTART";
        }
        return switch (status(resource).transfer()) {
            case Transfer.To to -> to.failover() ? "FAILOVER" : "MOVE";
            case Transfer.None _ -> "REQUESTED";
        };
    }

    /// The resources that must be at rest before this one changes: its dependents that must stop.
    private List<ResourceId> needing(ResourceId id) {
        return dependents.getOrDefault(id, Set.of()).stream()
                .filter(toStop::contains)
                .toList();
    }

    private GroupStatus status(Resource resource) {
        return state.group(resource.settings().group()).orElseThrow().status();
    }

    private boolean online(ResourceId id) {
        var what = held.get(id);
        return what != null && what.state() == ResourceState.ONLINE;
    }

    private boolean unknown(ResourceId id) {
        var what = held.get(id);
        return what == null || what.state() == ResourceState.INITIALIZING;
    }

    private boolean atRest(ResourceId id) {
        var what = held.get(id);
        return what != null && what.state().atRest();
    }

    private boolean running(ResourceId id) {
        return !atRest(id);
    }
}
