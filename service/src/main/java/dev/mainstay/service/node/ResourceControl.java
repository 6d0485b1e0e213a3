package dev.mainstay.service.node;

import dev.mainstay.core.event.Event.FailureRequested;
import dev.mainstay.core.event.LogEntry;
import dev.mainstay.core.order.Held;
import dev.mainstay.core.order.Order;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Node.State;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService.Inventory;
import dev.mainstay.protocol.TypeSpec;
import dev.mainstay.service.control.Cluster;
import dev.mainstay.service.monitors.MonitorListener;
import dev.mainstay.service.node.Inbox.FromMonitor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Brings what the monitor of this node holds to what the cluster decided, and tells the leader what it holds.
///
/// It compares, whenever something changed: a lost message, a restarted cluster service or a new monitor is
/// healed by comparing again. It acts only when the cluster has taken note of this start of the node.
///
/// **Threads:** [#run] on one thread for life; the listener's calls from the monitors' threads.
final class ResourceControl implements Runnable, MonitorListener {
    /// How often everything is compared although nothing seems to have changed.
    static final Duration COMPARE_INTERVAL = Duration.ofSeconds(5);

    private final NodeId self;
    private final long incarnation;
    private final Cluster cluster;
    private final Planner planner;
    private final Consumer<ToMonitor> monitor;
    private final InstantSource clock;
    private final Inbox inbox = new Inbox();
    private final HeldResources held;
    private final PendingReports reports;
    private final OrderBook orders = new OrderBook();
    private final Submission submission;

    private boolean attached;
    private boolean attachedBefore;
    private long comparedAtNanos = System.nanoTime();
    // Written by this loop, read by the API and by whoever stops the node.
    private volatile Map<String, TypeSpec> types = Map.of();
    private volatile Rest rest = new Rest(false, true, List.of("the control of resources has not begun"));

    /// Says what a node has to tell its monitors.
    @FunctionalInterface
    interface Planner {
        /// See `Orders` in the core.
        List<Order> ordersFor(NodeId node, ClusterState state, SortedMap<ResourceId, Held> held);
    }

    /// Whether everything on this node has been taken offline and is known to be; if not, what is in the way.
    ///
    /// @param attached whether there is a monitor to take anything offline
    record Rest(boolean reached, boolean attached, List<String> inTheWay) {}

    /// @param monitor takes messages for the monitor; never blocks
    ResourceControl(
            NodeId self,
            long incarnation,
            Cluster cluster,
            Planner planner,
            Consumer<ToMonitor> monitor,
            InstantSource clock) {
        this.self = self;
        this.incarnation = incarnation;
        this.cluster = cluster;
        this.planner = planner;
        this.monitor = monitor;
        this.clock = clock;
        this.held = new HeldResources(self);
        this.reports = new PendingReports(self);
        this.submission = new Submission(self, incarnation, cluster, reports, inbox);
    }

    /// The types that the monitor offers, by name; none until it is connected.
    Map<String, TypeSpec> types() {
        return types;
    }

    /// Whether the node may end now.
    Rest rest() {
        return rest;
    }

    /// Takes note of an applied entry; never blocks.
    void applied(LogEntry entry, ClusterState after) {
        var requested = entry.decisions().stream()
                .flatMap(decided -> decided.events().stream())
                .filter(FailureRequested.class::isInstance)
                .map(FailureRequested.class::cast)
                .filter(one -> one.node().equals(self))
                .toList();
        inbox.post(after, requested);
    }

    /// Takes note of a state that came as a snapshot; never blocks.
    void restored(ClusterState state) {
        inbox.post(state, List.of());
    }

    @Override
    public void attached(String name, boolean fresh, Inventory inventory) {
        post(new FromMonitor.Attached(fresh, inventory));
    }

    @Override
    public void reported(String name, HeldResource report) {
        post(new FromMonitor.Reported(report));
    }

    @Override
    public void closed(String name, String resource) {
        post(new FromMonitor.Closed(resource));
    }

    @Override
    public void detached(String name) {
        post(new FromMonitor.Detached());
    }

    private void post(FromMonitor one) {
        try {
            inbox.post(one);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void run() {
        try {
            var state = cluster.state();
            while (!Thread.currentThread().isInterrupted()) {
                var work = inbox.take(submission.retryIn(COMPARE_INTERVAL));
                state = work.state().orElse(state);
                work.answer().ifPresent(submission::answered);
                for (var one : work.fromMonitors()) {
                    take(one, state);
                }
                step(state, work.failures());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(FromMonitor input, ClusterState state) {
        switch (input) {
            case FromMonitor.Attached(var fresh, var inventory) -> {
                held.inventory(inventory.held(), fresh && attachedBefore, state, clock.instant());
                held.all().values().forEach(reports::add);
                types = index(inventory.types());
                submission.offer(
                        inventory.types().stream().map(Translation::type).toList());
                orders.forget();
                attached = true;
                attachedBefore = true;
            }
            case FromMonitor.Reported(var report) -> reports.add(held.report(report, clock.instant()));
            case FromMonitor.Closed(var resource) -> held.closed(resource);
            case FromMonitor.Detached() -> attached = false;
        }
    }

    private static Map<String, TypeSpec> index(List<TypeSpec> specs) {
        var index = new TreeMap<String, TypeSpec>();
        specs.forEach(spec -> index.put(spec.name(), spec));
        return index;
    }

    private void step(ClusterState state, List<FailureRequested> failures) {
        if (!participates(state)) {
            rest = new Rest(
                    false,
                    attached,
                    List.of("the cluster has not taken note of this start of node '%s'".formatted(self)));
            return;
        }
        long now = System.nanoTime();
        var wanted = attached ? planner.ordersFor(self, state, held.view()) : List.<Order>of();
        orders.toSend(wanted, now).forEach(monitor);
        failures.forEach(this::fail);
        if (attached && now - comparedAtNanos >= COMPARE_INTERVAL.toNanos()) {
            comparedAtNanos = now;
            reports.compare(held.all(), state);
        }
        submission.submitNext(state);
        rest = rest(state, wanted);
    }

    /// An order of an earlier start of this service may not be followed: others may own the resources by now.
    private boolean participates(ClusterState state) {
        return state.node(self)
                .filter(node -> node.incarnation() == incarnation && node.state() != State.DOWN)
                .isPresent();
    }

    private void fail(FailureRequested requested) {
        var one = held.all().get(requested.resource());
        if (attached && one != null && one.attempt() == requested.attempt()) {
            monitor.accept(new ToMonitor.Fail(
                    requested.resource().value(), requested.reason().text()));
        }
    }

    private Rest rest(ClusterState state, List<Order> wanted) {
        var inTheWay = new ArrayList<String>();
        var node = state.nodes().get(self);
        if (node == null || node.state() != State.STOPPING) {
            inTheWay.add("the cluster has not taken note that node '%s' stops".formatted(self));
        }
        if (!attached) {
            inTheWay.add("its monitor is not connected");
        }
        held.running().forEach((id, running) -> inTheWay.add("resource '%s' is %s".formatted(id, inWords(running))));
        wanted.stream()
                .filter(Order.TakeOffline.class::isInstance)
                .map(order -> "resource '%s' is to go offline".formatted(order.resource()))
                .filter(text -> !inTheWay.contains(text))
                .forEach(inTheWay::add);
        // What a new monitor has not opened yet may still run: the monitor before it may have left it so.
        wanted.stream()
                .filter(Order.Open.class::isInstance)
                .map(order -> "resource '%s' is not opened yet".formatted(order.resource()))
                .forEach(inTheWay::add);
        if (!reports.isEmpty()) {
            inTheWay.add("reports have not been decided upon yet");
        }
        return new Rest(inTheWay.isEmpty(), attached, List.copyOf(inTheWay));
    }

    private static String inWords(HeldResource running) {
        return running.state().name().replace('_', ' ').toLowerCase(Locale.ROOT);
    }
}
