package dev.mainstay.service.node;

import dev.mainstay.core.event.LogEntry;
import dev.mainstay.core.order.Held;
import dev.mainstay.core.order.Order;
import dev.mainstay.core.order.Orders;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Node.State;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.ToMonitor;
import dev.mainstay.protocol.ToService.Inventory;
import dev.mainstay.protocol.ToService.Query;
import dev.mainstay.protocol.TypeSpec;
import dev.mainstay.service.control.Cluster;
import dev.mainstay.service.journal.LocalFact;
import dev.mainstay.service.monitors.Ending;
import dev.mainstay.service.monitors.MonitorListener;
import dev.mainstay.service.monitors.MonitorName;
import dev.mainstay.service.node.Inbox.FromMonitor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Brings what the monitors of this node hold to what the cluster decided, and tells the leader what they hold.
///
/// It compares, whenever something changed: a lost message, a restarted cluster service or a new monitor is
/// healed by comparing again. It acts only when the cluster has taken note of this start of the node.
///
/// **Threads:** [#run] on one thread for life; the listener's calls from the monitors' threads.
final class ResourceControl implements Runnable, MonitorListener {
    /// How often everything is compared although nothing seems to have changed.
    static final Duration COMPARE_INTERVAL = Duration.ofSeconds(5);

    /// Between a step and the next at least: not felt in a recovery, and long enough for some reports of many.
    private static final Duration PAUSE_MIN = Duration.ofMillis(4);

    /// Between a step and the next at most.
    private static final Duration PAUSE_MAX = Duration.ofMillis(50);

    /// How many times as long as a step takes is the pause after it.
    private static final int PAUSE_PER_STEP = 4;

    private final NodeId self;
    private final long incarnation;
    private final Cluster cluster;
    private final Planner planner;
    private final Desks desks;
    private final InstantSource clock;
    private final InstantSource steady = new SteadyTime();
    private final boolean firstOfVersion;
    private final Inbox inbox = new Inbox();
    private final HeldResources held = new HeldResources();
    private final PendingReports reports;
    private final OrderBook orders = new OrderBook();
    private final Submission submission;
    private final Incidents incidents;
    private final ClusterQuestions questions;
    private final Hosting hosting;
    private final MembershipNotices membership = new MembershipNotices();
    private final Notices notices;
    private final ProviderNotices providers;
    private final OfferedTypes types = new OfferedTypes();

    /// Monitors that are connected; those of them that were told that the cluster can be asked.
    private final Set<String> attached = new TreeSet<>();
    private final Set<String> begun = new TreeSet<>();
    /// Monitors of which it is not known what they hold: of an earlier start of this service.
    private final Set<String> unsettled = new TreeSet<>();
    private ClusterState state;
    private long comparedAtNanos = System.nanoTime();
    private long nextStepNanos = System.nanoTime();
    // Written by this loop, read by whoever tells that this service is there.
    private volatile long turnedAtNanos = System.nanoTime();
    // Written by this loop, read by the API and by whoever stops the node.
    private volatile Rest rest = new Rest(false, true, List.of("the control of resources has not begun"));
    private volatile Hosting.View view = Hosting.View.NOTHING;
    private volatile SortedMap<String, SortedSet<ResourceId>> kept = new TreeMap<>();

    /// Says what a node has to tell its monitors.
    @FunctionalInterface
    interface Planner {
        /// See `Orders` in the core.
        List<Order> ordersFor(NodeId node, ClusterState state, SortedMap<ResourceId, Held> held);
    }

    /// Whether everything on this node has been taken offline and is known to be; if not, what is in the way.
    ///
    /// @param attached whether the monitors are there to take anything offline
    record Rest(boolean reached, boolean attached, List<String> inTheWay) {}

    /// What the control works with.
    ///
    /// @param journal takes facts of this node alone; never blocks
    /// @param firstOfVersion whether this version of the service runs for the first time on this node
    record Parts(
            NodeId self,
            long incarnation,
            Cluster cluster,
            Planner planner,
            Desks desks,
            Consumer<LocalFact> journal,
            InstantSource clock,
            boolean firstOfVersion) {}

    ResourceControl(Parts parts) {
        this.self = parts.self();
        this.incarnation = parts.incarnation();
        this.cluster = parts.cluster();
        this.planner = parts.planner();
        this.desks = parts.desks();
        this.clock = parts.clock();
        this.state = cluster.state();
        this.firstOfVersion = parts.firstOfVersion();
        this.reports = new PendingReports(self);
        this.submission = new Submission(self, incarnation, cluster, reports, inbox);
        this.incidents = new Incidents(self, parts.journal(), steady);
        this.questions = new ClusterQuestions(self, incarnation, cluster);
        this.hosting = new Hosting(self, held, incidents, desks);
        this.notices = new Notices(desks, this::wake);
        this.providers = new ProviderNotices(held, notices);
    }

    /// Monitors of an earlier start of this service still run: nothing is opened before it is known what they
    /// hold.
    ///
    /// **Order:** before [#run].
    ///
    /// @param leftBehind died before this start and begin anew: they end when nothing is meant for them
    void expect(Set<String> monitors, Set<String> leftBehind) {
        unsettled.addAll(monitors);
        monitors.forEach(hosting::takenUp);
        leftBehind.forEach(hosting::takenUp);
    }

    /// The types that the monitors offer, by name; none until one is connected.
    Map<String, TypeSpec> types() {
        return types.all();
    }

    /// What a monitor could not load as a type, each with the reason.
    List<String> refused(String monitor) {
        return types.refused(monitor);
    }

    /// How long ago it looked at everything; it does so every few seconds.
    Duration lastTurn() {
        return Duration.ofNanos(System.nanoTime() - turnedAtNanos);
    }

    /// Whether the node may end now.
    Rest rest() {
        return rest;
    }

    /// The monitors that a stop of this node leaves running, each with the resources it keeps.
    SortedMap<String, SortedSet<ResourceId>> kept() {
        return kept;
    }

    /// Which monitor hosts what, and why.
    Hosting.View view() {
        return view;
    }

    /// Has a resource debugged, or no longer; answers what follows.
    CompletableFuture<Hosting.Debugging> debug(ResourceId resource, boolean begins, String actor) {
        var answer = new CompletableFuture<Hosting.Debugging>();
        boolean taken = inbox.post(() -> answer.complete(hosting.debug(resource, begins, actor, state)));
        if (!taken) {
            answer.completeExceptionally(new IllegalStateException("too much is asked of this node at once"));
        }
        return answer;
    }

    /// Takes note of an applied entry; never blocks.
    void applied(LogEntry entry, ClusterState after) {
        inbox.post(after);
    }

    /// Takes note of a state that came as a snapshot; never blocks.
    void restored(ClusterState snapshot) {
        inbox.post(snapshot);
    }

    @Override
    public void attached(String monitor, boolean fresh, Inventory inventory) {
        post(new FromMonitor.Attached(monitor, fresh, inventory));
    }

    @Override
    public void told(String monitor, Inventory inventory) {
        post(new FromMonitor.Told(monitor, inventory));
    }

    @Override
    public void reported(String monitor, HeldResource report) {
        post(new FromMonitor.Reported(monitor, report));
    }

    @Override
    public void closed(String monitor, String resource) {
        post(new FromMonitor.Closed(monitor, resource));
    }

    @Override
    public void queried(String monitor, Query query) {
        post(new FromMonitor.Queried(monitor, query));
    }

    @Override
    public void detached(String monitor) {
        post(new FromMonitor.Detached(monitor));
    }

    @Override
    public void gone(String monitor, Ending ending) {
        post(new FromMonitor.Gone(monitor, ending));
    }

    @Override
    public void silent(String monitor, String text) {
        var _ = inbox.post(() -> incidents.silent(monitor, text));
    }

    @Override
    public void answers(String monitor, String text) {
        var _ = inbox.post(() -> incidents.answers(monitor, text));
    }

    @Override
    public void stuck(String monitor, String trouble) {
        post(new FromMonitor.Stuck(monitor, trouble));
    }

    /// When too much waits already, the loop looks anyway.
    private void wake() {
        var _ = inbox.post(() -> {});
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
            state = cluster.state();
            while (!Thread.currentThread().isInterrupted()) {
                letMoreCome();
                var work = inbox.take(submission.retryIn(COMPARE_INTERVAL));
                work.state().ifPresent(next -> state = next);
                work.answer().ifPresent(submission::answered);
                work.fromMonitors().forEach(this::take);
                work.asked().forEach(Runnable::run);
                long began = System.nanoTime();
                step();
                turnedAtNanos = System.nanoTime();
                long ended = System.nanoTime();
                nextStepNanos = ended + pause(ended - began);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// A step looks at everything, so when hundreds of reports come at once, many of them share one.
    private static long pause(long stepNanos) {
        return Math.clamp(PAUSE_PER_STEP * stepNanos, PAUSE_MIN.toNanos(), PAUSE_MAX.toNanos());
    }

    private void letMoreCome() throws InterruptedException {
        long rest = nextStepNanos - System.nanoTime();
        if (rest > 0) {
            TimeUnit.NANOSECONDS.sleep(rest);
        }
    }

    private void take(FromMonitor input) {
        var monitor = input.monitor();
        switch (input) {
            case FromMonitor.Attached(var _, var _, var inventory) -> {
                desks.send(monitor, new ToMonitor.Starting(1, forms(), firstOfVersion, self.value()));
                orders.forget(held.hostedBy(monitor));
                held.attached(monitor, inventory.held(), clock.instant());
                attached.add(monitor);
                unsettled.remove(monitor);
                begun.remove(monitor);
                notices.know(monitor);
                takeNote(monitor, inventory);
            }
            case FromMonitor.Told(var _, var inventory) -> {
                held.told(monitor, inventory.held(), clock.instant());
                takeNote(monitor, inventory);
            }
            case FromMonitor.Reported(var _, var report) ->
                held.report(monitor, report, clock.instant()).ifPresent(seen -> {
                    orders.heardOf(new ResourceId(seen.resource()));
                    incidents.reported(new ResourceId(seen.resource()), seen);
                    reports.add(seen);
                    providers.seen(seen, state);
                });
            case FromMonitor.Closed(var _, var resource) -> held.closed(monitor, new ResourceId(resource));
            case FromMonitor.Queried(var _, var query) ->
                questions.answer(query, state, answer -> desks.send(monitor, answer));
            case FromMonitor.Detached _ -> {
                attached.remove(monitor);
                begun.remove(monitor);
            }
            case FromMonitor.Gone(var _, var ending) -> {
                var before = new TreeMap<>(held.all());
                var hosted = held.gone(monitor);
                orders.forget(hosted);
                unsettled.remove(monitor);
                incidents.ended(monitor, ending, hosted, state);
                if (ending.kind() == Ending.Kind.ENDED) {
                    notices.forget(monitor);
                } else {
                    notices.replaced(monitor);
                }
                before.keySet().retainAll(hosted);
                before.forEach(this::tellUnknown);
            }
            case FromMonitor.Stuck(var _, var trouble) -> incidents.stuck(monitor, trouble);
        }
    }

    /// A resource that is to be ended when it is opened next is not what it was.
    private void tellUnknown(ResourceId id, HeldResource last) {
        var why = incidents.leftoverOf(id);
        if (!why.isEmpty()) {
            reports.add(held.unknown(last, why, hosting.reported(id, state), clock.instant()));
        }
    }

    private void takeNote(String monitor, Inventory inventory) {
        for (var id : held.hostedBy(monitor)) {
            var one = held.all().get(id);
            if (one != null) {
                incidents.reported(id, one);
                reports.add(one);
                providers.seen(one, state);
            }
        }
        if (types.told(monitor, inventory)) {
            submission.offer(inventory.types().stream().map(Translation::type).toList());
        }
    }

    private void step() {
        if (!participates()) {
            rest = new Rest(
                    false,
                    allAttached(),
                    List.of("the cluster has not taken note of this start of node '%s'".formatted(self)));
            return;
        }
        long now = System.nanoTime();
        begin();
        notices.toAll(membership.about(state.nodes().keySet(), types.all().keySet()));
        notices.send(begun, now);
        held.keepOnly(state.resources().keySet());
        providers.keepOnly(state.resources().keySet());
        incidents.keepOnly(hosting.mine(state));
        var wanted = planner.ordersFor(self, state, held.view(id -> hosting.reported(id, state)));
        var inOrder = orders.inOrder(wanted, state, now);
        var routed = hosting.route(inOrder, state, attached, unsettled, steady.instant());
        send(orders.toSend(routed, now));
        if (now - comparedAtNanos >= COMPARE_INTERVAL.toNanos()) {
            comparedAtNanos = now;
            reports.compare(held.all(), state);
        }
        submission.submitNext(state);
        view = hosting.view(state);
        var stay = Orders.keptAtStop(self, state);
        kept = byHost(stay);
        rest = rest(wanted, stay);
    }

    /// An order of an earlier start of this service may not be followed: others may own the resources by now.
    private boolean participates() {
        return state.node(self)
                .filter(node -> node.incarnation() == incarnation && node.state() != State.DOWN)
                .isPresent();
    }

    /// From now on resource types may ask about the cluster.
    private void begin() {
        for (var monitor : attached) {
            if (begun.add(monitor)) {
                desks.send(monitor, new ToMonitor.Starting(2, forms(), firstOfVersion, self.value()));
            }
        }
    }

    /// Whether this node forms the cluster: no other node is up.
    private boolean forms() {
        return state.nodes().values().stream().allMatch(node -> node.id().equals(self) || node.state() == State.DOWN);
    }

    private void send(List<Order> toSend) {
        for (var order : toSend) {
            var id = order.resource();
            if (order instanceof Order.Open) {
                held.opening(id, hosting.destination(id, state));
            }
            held.hostOf(id).ifPresent(host -> {
                long sequence = Math.max(held.sequenceOf(id), hosting.reported(id, state));
                desks.send(host, Translation.message(order, incidents.leftoverOf(id), sequence));
            });
        }
    }

    private boolean allAttached() {
        return attached.contains(MonitorName.DEFAULT) && attached.containsAll(held.hosts()) && unsettled.isEmpty();
    }

    private SortedMap<String, SortedSet<ResourceId>> byHost(Set<ResourceId> resources) {
        var hosts = new TreeMap<String, SortedSet<ResourceId>>();
        resources.forEach(id -> held.hostOf(id)
                .ifPresent(host ->
                        hosts.computeIfAbsent(host, _ -> new TreeSet<>()).add(id)));
        return hosts;
    }

    private Rest rest(List<Order> wanted, Set<ResourceId> stay) {
        var inTheWay = new LinkedHashSet<String>();
        var node = state.nodes().get(self);
        if (node == null || node.state() != State.STOPPING) {
            inTheWay.add("the cluster has not taken note that node '%s' stops".formatted(self));
        }
        var missing = held.hosts();
        missing.add(MonitorName.DEFAULT);
        missing.addAll(unsettled);
        missing.removeAll(attached);
        missing.forEach(monitor -> inTheWay.add("its monitor '%s' is not connected".formatted(monitor)));
        held.running().forEach((id, running) -> {
            if (!stay.contains(id)) {
                inTheWay.add("resource '%s' is %s".formatted(id, inWords(running)));
            }
        });
        wanted.stream()
                .filter(Order.TakeOffline.class::isInstance)
                .map(order -> "resource '%s' is to go offline".formatted(order.resource()))
                .forEach(inTheWay::add);
        // What a new monitor has not opened yet may still run: the monitor before it may have left it so.
        wanted.stream()
                .filter(Order.Open.class::isInstance)
                .map(order -> "resource '%s' is not opened yet".formatted(order.resource()))
                .forEach(inTheWay::add);
        if (!reports.isEmpty()) {
            inTheWay.add("reports have not been decided upon yet");
        }
        return new Rest(inTheWay.isEmpty(), allAttached(), List.copyOf(inTheWay));
    }

    private static String inWords(HeldResource running) {
        return running.state().name().replace('_', ' ').toLowerCase(Locale.ROOT);
    }
}
