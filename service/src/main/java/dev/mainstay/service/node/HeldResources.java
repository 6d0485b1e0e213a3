package dev.mainstay.service.node;

import dev.mainstay.core.order.Held;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Observed;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.HeldState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the monitor of this node holds, as far as it told.
///
/// A monitor that replaces a dead one adopts what it finds alive. A resource that the cluster believes online and
/// that the new monitor finds not running has failed, though nobody saw it: it is held as failed here, so that
/// its restart is decided by policy like any other.
///
/// **Threads:** one.
final class HeldResources {
    /// The detail of a failure nobody saw.
    static final String LOST = "its monitor died and left no record of it";

    private final NodeId self;
    private final TreeMap<ResourceId, HeldResource> held = new TreeMap<>();
    private final TreeMap<ResourceId, Observed> believedOnline = new TreeMap<>();

    HeldResources(NodeId self) {
        this.self = self;
    }

    /// A monitor told everything it holds.
    ///
    /// @param replaced whether it replaces one that died while this cluster service ran
    void inventory(List<HeldResource> inventory, boolean replaced, ClusterState state, Instant now) {
        held.clear();
        believedOnline.clear();
        if (replaced) {
            state.resources().forEach((id, resource) -> {
                var observed = resource.status().observed();
                if (observed.node().equals(self) && startedOrStarting(observed.state())) {
                    believedOnline.put(id, observed);
                }
            });
        }
        inventory.forEach(one -> report(one, now));
    }

    private static boolean startedOrStarting(ResourceState state) {
        return state == ResourceState.ONLINE || state == ResourceState.ONLINE_PENDING;
    }

    /// A resource changed; returns what is held of it from now on.
    HeldResource report(HeldResource report, Instant now) {
        var id = new ResourceId(report.resource());
        var believed = believedOnline.get(id);
        var seen = report;
        if (believed != null && report.state() != HeldState.INITIALIZING) {
            believedOnline.remove(id);
            if (report.state() == HeldState.OFFLINE) {
                seen = lost(report, believed, now);
            }
        }
        held.put(id, seen);
        return seen;
    }

    private static HeldResource lost(HeldResource report, Observed believed, Instant now) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, now);
        return new HeldResource(
                report.resource(),
                HeldState.FAILED,
                Math.max(report.sequence(), believed.sequence() + 1),
                believed.epoch(),
                believed.attempt(),
                report.specRevision(),
                "",
                LOST,
                micros,
                micros);
    }

    /// A resource is no longer hosted.
    void closed(String resource) {
        held.remove(new ResourceId(resource));
    }

    /// Everything held.
    SortedMap<ResourceId, HeldResource> all() {
        return held;
    }

    /// Everything held, as the core sees it.
    SortedMap<ResourceId, Held> view() {
        var view = new TreeMap<ResourceId, Held>();
        held.forEach((id, one) -> view.put(id, Translation.held(one)));
        return view;
    }

    /// Resources of which something may still run.
    SortedMap<ResourceId, HeldResource> running() {
        var running = new TreeMap<>(held);
        running.values().removeIf(one -> Translation.held(one).state().atRest());
        return running;
    }
}
