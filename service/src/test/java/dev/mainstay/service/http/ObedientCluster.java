package dev.mainstay.service.http;

import dev.mainstay.api.EventView;
import dev.mainstay.core.decision.Command;
import dev.mainstay.core.decision.Decider;
import dev.mainstay.core.decision.Decision;
import dev.mainstay.core.event.Cause;
import dev.mainstay.core.event.Event;
import dev.mainstay.core.event.Evolution;
import dev.mainstay.core.event.LogEntry;
import dev.mainstay.core.order.Held;
import dev.mainstay.core.order.Order;
import dev.mainstay.core.order.Orders;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.GroupId;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Observed;
import dev.mainstay.core.state.RegisteredType;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.core.state.TypeName;
import dev.mainstay.service.control.Answer;
import dev.mainstay.service.control.Cluster;
import dev.mainstay.service.control.Request;
import dev.mainstay.service.journal.EventViews;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/// A cluster of one node whose resources do at once what they are ordered; decisions are the real ones.
final class ObedientCluster implements Cluster, Facts {
    static final NodeId NODE = new NodeId("n1");
    static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

    private final List<Watcher> watchers = new ArrayList<>();
    private final SortedMap<ResourceId, Held> held = new TreeMap<>();
    private final List<EventView> facts = new ArrayList<>();
    private volatile ClusterState state = ClusterState.empty("test");
    private volatile boolean led = true;
    private volatile boolean idle;
    private volatile int decisionsLeft = Integer.MAX_VALUE;
    private volatile ResourceState endOfStart = ResourceState.ONLINE;
    private long sequence;

    ObedientCluster() {
        send(new Command.StartNode(NODE, 1));
        send(new Command.RegisterTypes(List.of(
                new RegisteredType(new TypeName("process"), "1.0.0", Duration.ofMinutes(3)),
                new RegisteredType(new TypeName("script"), "1.0.0", Duration.ofMinutes(3)))));
    }

    /// From now on starts end in this state.
    void endStartsIn(ResourceState end) {
        endOfStart = end;
    }

    /// From now on orders are not carried out.
    void idle() {
        idle = true;
    }

    /// Carries out what is left undone, and whatever comes.
    synchronized void work() {
        idle = false;
        obey();
    }

    /// From now on there is no leader.
    void loseLeader() {
        led = false;
    }

    /// One more command is decided, then there is no leader.
    void loseLeaderAfterOneDecision() {
        decisionsLeft = 1;
    }

    @Override
    public ClusterState state() {
        return state;
    }

    @Override
    public Optional<NodeId> leader() {
        return led ? Optional.of(NODE) : Optional.empty();
    }

    @Override
    public synchronized CompletableFuture<Answer> submit(Request request) {
        led = led && decisionsLeft-- > 0;
        if (!led) {
            return CompletableFuture.completedFuture(
                    new Answer.Unavailable(Answer.Unavailable.Cause.NO_LEADER, "no node leads", "Try again."));
        }
        return CompletableFuture.completedFuture(
                switch (Decider.decide(state, request.command(), START)) {
                    case Decision.Refused refused -> new Answer.Refused(refused.refusal());
                    case Decision.Accepted accepted
                    when request.dryRun() -> new Answer.Done(state.revision(), accepted.events());
                    case Decision.Accepted accepted -> {
                        apply(accepted.events(), new Cause("", request.actor(), request.id(), request.text()));
                        var done = new Answer.Done(state.revision(), accepted.events());
                        obey();
                        yield done;
                    }
                });
    }

    @Override
    public void watch(Watcher watcher) {
        watchers.add(watcher);
    }

    /// Waits until it is decided what group 'shop' is wanted to be.
    void awaitWanted(boolean online) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        synchronized (this) {
            while (state.group(new GroupId("shop")).orElseThrow().status().wantedOnline() != online) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new AssertionError("the group is not wanted so: " + state);
                }
                wait(left);
            }
        }
    }

    /// Applies an entry that changes nothing.
    synchronized void tick() {
        var before = state;
        var entry = new LogEntry(state.revision(), START, List.of());
        state = Evolution.apply(before, entry);
        watchers.forEach(watcher -> watcher.applied(before, entry, state));
    }

    private void send(Command command) {
        if (Decider.decide(state, command, START) instanceof Decision.Accepted accepted) {
            apply(accepted.events(), new Cause("", "node n1", "", "report"));
        }
    }

    private void apply(List<Event> events, Cause cause) {
        if (events.isEmpty()) {
            return;
        }
        var before = state;
        var entry = new LogEntry(state.revision(), START, List.of(new LogEntry.Decided(cause, events)));
        state = Evolution.apply(before, entry);
        for (var event : events) {
            facts.add(EventViews.of((facts.size() + 1) + ".0", entry, cause, event, before, state));
        }
        watchers.forEach(watcher -> watcher.applied(before, entry, state));
        synchronized (this) {
            notifyAll();
        }
    }

    /// Carries out orders until there are none.
    private void obey() {
        for (var orders = orders(); !orders.isEmpty(); orders = orders()) {
            var reports = new TreeMap<ResourceId, Observed>();
            for (var order : orders) {
                switch (order) {
                    case Order.Open open -> hold(open.resource(), ResourceState.OFFLINE, 0, 0, reports);
                    case Order.Update update -> tell(update.configured());
                    case Order.Close close -> held.remove(close.resource());
                    case Order.BringOnline online ->
                        hold(online.resource(), endOfStart, online.epoch(), online.attempt(), reports);
                    case Order.Fail fail -> hold(fail.resource(), ResourceState.FAILED, 0, fail.attempt(), reports);
                    case Order.TakeOffline offline ->
                        hold(offline.resource(), ResourceState.OFFLINE, offline.epoch(), 0, reports);
                }
            }
            send(new Command.ReportResources(NODE, 1, reports));
        }
    }

    private void tell(Resource configured) {
        held.computeIfPresent(
                configured.settings().id(),
                (_, was) -> new Held(was.state(), was.epoch(), was.attempt(), configured.specRevision()));
    }

    private List<Order> orders() {
        return idle ? List.of() : Orders.ordersFor(NODE, state, held);
    }

    private void hold(
            ResourceId id, ResourceState into, long epoch, long attempt, SortedMap<ResourceId, Observed> reports) {
        var present = held.get(id);
        var kept = present == null || attempt > 0 ? attempt : present.attempt();
        var revision = state.resource(id).orElseThrow().specRevision();
        held.put(id, new Held(into, epoch, kept, revision));
        sequence++;
        var detail = into == ResourceState.FAILED ? "exit code 1" : "";
        reports.put(id, new Observed(into, NODE, sequence, epoch, kept, "", detail, START, START));
    }

    @Override
    public synchronized List<EventView> after(String id, int limit) {
        var from = id.isEmpty() ? 0 : Integer.parseInt(id.substring(0, id.indexOf('.')));
        return facts.stream().skip(from).limit(limit).toList();
    }

    @Override
    public synchronized List<EventView> latest(int limit) {
        return facts.stream().skip(Math.max(0, facts.size() - limit)).toList();
    }

    @Override
    public synchronized List<EventView> about(String kind, String name, int limit) {
        return facts.stream()
                .filter(fact -> (kind.equals("group") ? fact.group() : fact.resource()).equals(name))
                .toList();
    }

    @Override
    public boolean awaitAfter(String id, Duration limit) {
        return false;
    }
}
