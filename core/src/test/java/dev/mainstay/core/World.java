package dev.mainstay.core;

import dev.mainstay.core.decision.Command;
import dev.mainstay.core.decision.Decider;
import dev.mainstay.core.decision.Decision;
import dev.mainstay.core.order.Held;
import dev.mainstay.core.order.Order;
import dev.mainstay.core.order.Orders;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Conditions;
import dev.mainstay.core.state.Node;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Observed;
import dev.mainstay.core.state.Recovery;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// Nodes and monitors around a deciding leader, with every message on its way for as long as chance says.
///
/// Checks at every start of a resource what must never happen.
final class World {
    final Fixture cluster;
    final List<ClusterState> history = new ArrayList<>();
    final SortedMap<NodeId, Site> sites = new TreeMap<>();
    final List<String> journal = new ArrayList<>();
    private final RandomGenerator random;
    private long sequence = 1_000;

    /// What a monitor was told last of a resource it hosts.
    record Told(long revision, boolean maintenance) {
        static Told of(Resource resource) {
            return new Told(
                    resource.specRevision(), resource.status().maintenance().on());
        }
    }

    /// One node: its service's view and its monitor.
    final class Site {
        final NodeId id;
        int applied;
        long incarnation = 1;
        final SortedMap<ResourceId, Held> held = new TreeMap<>();
        /// Failures that the leader may not have taken note of.
        final SortedMap<ResourceId, Observed> undecided = new TreeMap<>();
        final Deque<Order> toMonitor = new ArrayDeque<>();
        final Deque<Map.Entry<ResourceId, Observed>> toService = new ArrayDeque<>();
        final SortedMap<ResourceId, Observed> toLeader = new TreeMap<>();
        /// What really is, and what records on disk say.
        final SortedMap<ResourceId, Observed> real = new TreeMap<>();
        final SortedMap<ResourceId, Told> opened = new TreeMap<>();

        Site(NodeId id) {
            this.id = id;
        }

        /// What is held; a failure counts until the leader is known to have decided upon it.
        SortedMap<ResourceId, Held> view(ClusterState seen) {
            undecided
                    .entrySet()
                    .removeIf(one -> seen.resource(one.getKey())
                            .map(resource -> resource.status().observed())
                            .filter(observed -> observed.node().equals(id)
                                    && observed.sequence() >= one.getValue().sequence())
                            .isPresent());
            var view = new TreeMap<>(held);
            view.replaceAll((id, is) -> {
                var failed = undecided.get(id);
                return failed == null || is.state() != ResourceState.OFFLINE
                        ? is
                        : new Held(
                                ResourceState.FAILED,
                                is.epoch(),
                                Math.max(is.attempt(), failed.attempt()),
                                is.revision());
            });
            return view;
        }

        boolean idle() {
            return toMonitor.isEmpty() && toService.isEmpty() && toLeader.isEmpty() && applied == history.size() - 1;
        }
    }

    World(Fixture cluster, RandomGenerator random) {
        this.cluster = cluster;
        this.random = random;
        history.add(cluster.state);
        cluster.state.nodes().keySet().forEach(node -> sites.put(node, new Site(node)));
    }

    /// Decides a command as the leader would; a refusal changes nothing.
    void command(Command command) {
        if (Decider.decide(cluster.state, command, cluster.now) instanceof Decision.Accepted) {
            cluster.decide(command);
            history.add(cluster.state);
            journal.add("decided " + command);
        }
    }

    /// Lets one message arrive or one operation end.
    void step(Site site, boolean successful) {
        switch (random.nextInt(6)) {
            case 0 -> site.applied = Math.min(site.applied + 1, history.size() - 1);
            case 1 -> giveOrders(site);
            case 2 -> {
                // A service that is unsure repeats an order.
                if (random.nextInt(8) == 0 && !site.toMonitor.isEmpty()) {
                    site.toMonitor.add(site.toMonitor.element());
                }
                takeOrder(site);
            }
            case 3 -> endOperation(site, successful);
            case 4 -> receive(site);
            default -> submit(site);
        }
    }

    /// Delivers everything and lets every operation succeed, until nothing moves any more.
    boolean settle() {
        for (int round = 0; round < 2_000; round++) {
            long before = sequence;
            int decided = history.size();
            for (var site : sites.values()) {
                site.applied = history.size() - 1;
                giveOrders(site);
                while (!site.toMonitor.isEmpty()) {
                    takeOrder(site);
                }
                for (int i = 0; i < site.real.size(); i++) {
                    endOperation(site, true);
                }
                while (!site.toService.isEmpty()) {
                    receive(site);
                }
                submit(site);
            }
            if (sequence == before && decided == history.size()) {
                return true;
            }
        }
        return false;
    }

    /// An online resource dies; in maintenance its monitor only notes that.
    void fail(Site site) {
        anyOnline(site).ifPresent(id -> {
            var told = site.opened.get(id);
            if (told != null && told.maintenance()) {
                report(site, id, with(real(site, id), new Conditions("", "", "", "it is dead")));
            } else {
                enter(site, id, ResourceState.FAILED);
            }
        });
    }

    /// An online resource signals something.
    void signal(Site site, Conditions conditions) {
        anyOnline(site).ifPresent(id -> report(site, id, with(real(site, id), conditions)));
    }

    private Optional<ResourceId> anyOnline(Site site) {
        var online = site.real.entrySet().stream()
                .filter(entry ->
                        entry.getValue().state() == ResourceState.ONLINE && site.opened.containsKey(entry.getKey()))
                .map(Map.Entry::getKey)
                .toList();
        return online.isEmpty() ? Optional.empty() : Optional.of(online.get(random.nextInt(online.size())));
    }

    /// The monitor is killed; what it had started lives on, or not.
    void killMonitor(Site site) {
        var told = new TreeSet<ResourceId>();
        site.held.forEach((id, is) -> {
            var really = real(site, id);
            if (is.state() == ResourceState.FAILED
                    && really.state() == ResourceState.FAILED
                    && really.attempt() == is.attempt()) {
                told.add(id);
            }
        });
        site.toMonitor.clear();
        site.toService.clear();
        site.held.clear();
        site.opened.clear();
        site.real.replaceAll((_, was) -> {
            var survives = was.state() == ResourceState.ONLINE && random.nextBoolean();
            return survives || was.state().atRest() ? was : with(was, ResourceState.FAILED, was.epoch(), was.attempt());
        });
        site.real.values().removeIf(was -> was.state() == ResourceState.OFFLINE);
        // The next monitor knows nothing of a failure that this one has told.
        site.real.keySet().removeIf(id -> told.contains(id) && random.nextBoolean());
        journal.add("killed the monitor of " + site.id);
    }

    /// The cluster service is killed and started again; the monitor tells it everything once more.
    void killService(Site site) {
        site.toLeader.clear();
        site.held.clear();
        site.undecided.clear();
        site.toMonitor.clear();
        site.toService.clear();
        site.incarnation++;
        command(new Command.StartNode(site.id, site.incarnation));
        site.applied = history.size() - 1;
        site.opened.keySet().forEach(id -> site.toService.add(Map.entry(id, real(site, id))));
        journal.add("killed the service of " + site.id);
    }

    private void giveOrders(Site site) {
        var seen = history.get(site.applied);
        var up = seen.node(site.id).map(Node::incarnation).orElse(0L) >= site.incarnation;
        if (!up) {
            return;
        }
        for (var order : Orders.ordersFor(site.id, seen, site.view(seen))) {
            site.toMonitor.add(order);
            site.held.compute(order.resource(), (_, was) -> expected(order, was));
        }
    }

    private static Held expected(Order order, Held was) {
        return switch (order) {
            case Order.Open open ->
                new Held(ResourceState.INITIALIZING, 0, 0, open.configured().specRevision());
            case Order.Update update ->
                new Held(
                        was.state(),
                        was.epoch(),
                        was.attempt(),
                        update.configured().specRevision());
            case Order.Close _ -> new Held(ResourceState.OFFLINE_PENDING, was.epoch(), was.attempt(), was.revision());
            case Order.BringOnline online ->
                new Held(ResourceState.ONLINE_PENDING, online.epoch(), online.attempt(), was.revision());
            case Order.Fail _ -> was;
            case Order.TakeOffline offline ->
                new Held(ResourceState.OFFLINE_PENDING, offline.epoch(), was.attempt(), was.revision());
        };
    }

    private void takeOrder(Site site) {
        var order = site.toMonitor.poll();
        if (order == null) {
            return;
        }
        journal.add(site.id + " takes " + (order instanceof Order.Open ? "Open " + order.resource() : order));
        switch (order) {
            case Order.Open open -> {
                site.opened.put(open.resource(), Told.of(open.configured()));
                var recorded = site.real.get(open.resource());
                report(site, open.resource(), recorded == null ? offline(site, 0, 0) : renewed(recorded));
            }
            case Order.Update update -> update(site, update);
            case Order.Close close -> {
                site.opened.remove(close.resource());
                site.undecided.remove(close.resource());
                site.real.remove(close.resource());
                site.toService.add(Map.entry(close.resource(), closed(site)));
            }
            case Order.BringOnline online -> start(site, online);
            case Order.Fail fail -> {
                var is = real(site, fail.resource());
                if (is.state() == ResourceState.ONLINE && is.attempt() == fail.attempt()) {
                    enter(site, fail.resource(), ResourceState.FAILED);
                }
            }
            case Order.TakeOffline offline -> stop(site, offline);
        }
    }

    private void update(Site site, Order.Update update) {
        var id = update.resource();
        var before = site.opened.get(id);
        var told = Told.of(update.configured());
        if (before == null || before.revision() >= told.revision()) {
            return;
        }
        site.opened.put(id, told);
        var is = real(site, id);
        var died = !is.conditions().ignoredFailure().isEmpty() && !told.maintenance();
        if (died && is.state() == ResourceState.ONLINE) {
            enter(site, id, ResourceState.FAILED);
        } else {
            report(site, id, with(is, is.conditions()));
        }
    }

    private void start(Site site, Order.BringOnline order) {
        var now = real(site, order.resource());
        var startable = now.state() == ResourceState.OFFLINE
                || (now.state() == ResourceState.FAILED && now.attempt() < order.attempt());
        if (order.epoch() < now.epoch() || !startable) {
            return;
        }
        for (var other : sites.values()) {
            if (other != site && !real(other, order.resource()).state().atRest()) {
                throw new AssertionError(
                        "%s starts on %s while it runs on %s".formatted(order.resource(), site.id, other.id));
            }
        }
        cluster.state
                .resource(order.resource())
                .map(Resource::status)
                .filter(status ->
                        status.attempt() == order.attempt() && status.recovery() instanceof Recovery.StayFailed)
                .ifPresent(status -> {
                    throw new AssertionError("%s starts in attempt %d on %s though it was given up: %s%n%s"
                            .formatted(
                                    order.resource(),
                                    order.attempt(),
                                    site.id,
                                    status.recovery(),
                                    String.join(
                                            "\n", journal.subList(Math.max(0, journal.size() - 40), journal.size()))));
                });
        journal.add("%s starts %s in attempt %d".formatted(site.id, order.resource(), order.attempt()));
        report(site, order.resource(), with(now, ResourceState.ONLINE_PENDING, order.epoch(), order.attempt()));
    }

    private void stop(Site site, Order.TakeOffline order) {
        var now = real(site, order.resource());
        long epoch = Math.max(now.epoch(), order.epoch());
        var next = now.state().atRest() ? ResourceState.OFFLINE : ResourceState.OFFLINE_PENDING;
        if (now.state() == ResourceState.ONLINE) {
            dependentsRest(site, order);
        }
        report(site, order.resource(), with(now, next, epoch, now.attempt()));
    }

    /// Whatever needs a resource is at rest before that goes offline, unless somebody works on it.
    private void dependentsRest(Site site, Order.TakeOffline order) {
        for (var other : cluster.state.resources().values()) {
            var id = other.settings().id();
            var told = site.opened.get(id);
            if (other.settings().dependency().providers().contains(order.resource())
                    && !real(site, id).state().atRest()
                    && told != null
                    && !told.maintenance()) {
                throw new AssertionError("%s takes %s while %s is online%n%s"
                        .formatted(
                                site.id,
                                order,
                                id,
                                String.join("\n", journal.subList(Math.max(0, journal.size() - 30), journal.size()))));
            }
        }
    }

    private void endOperation(Site site, boolean successful) {
        for (var entry : List.copyOf(site.real.entrySet())) {
            if (!site.opened.containsKey(entry.getKey())) {
                continue;
            }
            if (entry.getValue().state() == ResourceState.ONLINE_PENDING) {
                enter(site, entry.getKey(), successful ? ResourceState.ONLINE : ResourceState.FAILED);
                return;
            } else if (entry.getValue().state() == ResourceState.OFFLINE_PENDING) {
                enter(site, entry.getKey(), ResourceState.OFFLINE);
                return;
            }
        }
    }

    private void enter(Site site, ResourceId id, ResourceState state) {
        var now = real(site, id);
        report(site, id, with(now, state, now.epoch(), now.attempt()));
    }

    private void report(Site site, ResourceId id, Observed next) {
        site.real.put(id, next);
        site.toService.add(Map.entry(id, next));
        journal.add("%s: %s is %s (attempt %d, epoch %d)%s"
                .formatted(
                        site.id,
                        id,
                        next.state(),
                        next.attempt(),
                        next.epoch(),
                        next.conditions().equals(Conditions.NONE) ? "" : " " + next.conditions()));
    }

    private void receive(Site site) {
        var report = site.toService.poll();
        if (report == null) {
            return;
        }
        var id = report.getKey();
        var told = site.opened.get(id);
        if (report.getValue().state() == ResourceState.INITIALIZING || told == null) {
            site.held.remove(id);
        } else {
            var seen = report.getValue();
            site.held.put(id, new Held(seen.state(), seen.epoch(), seen.attempt(), told.revision()));
            if (seen.state() == ResourceState.FAILED) {
                site.undecided.put(id, seen);
            }
            submit(site);
            site.toLeader.put(id, seen);
        }
    }

    private void submit(Site site) {
        if (!site.toLeader.isEmpty()) {
            command(new Command.ReportResources(site.id, site.incarnation, site.toLeader));
            site.toLeader.clear();
        }
    }

    Observed real(Site site, ResourceId id) {
        var is = site.real.get(id);
        return is == null ? offline(site, 0, 0) : is;
    }

    private Observed offline(Site site, long epoch, long attempt) {
        return new Observed(
                ResourceState.OFFLINE, site.id, ++sequence, epoch, attempt, "", "", cluster.now, cluster.now);
    }

    private Observed closed(Site site) {
        return new Observed(ResourceState.INITIALIZING, site.id, ++sequence, 0, 0, "", "", cluster.now, cluster.now);
    }

    private Observed renewed(Observed was) {
        return with(was, was.state(), was.epoch(), was.attempt());
    }

    private Observed with(Observed was, Conditions conditions) {
        return new Observed(
                was.state(),
                was.node(),
                ++sequence,
                was.epoch(),
                was.attempt(),
                "",
                "",
                cluster.now,
                cluster.now,
                conditions);
    }

    private Observed with(Observed was, ResourceState state, long epoch, long attempt) {
        return new Observed(state, was.node(), ++sequence, epoch, attempt, "", "", cluster.now, cluster.now);
    }
}
