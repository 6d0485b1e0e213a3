package dev.mainstay.service.node;

import dev.mainstay.core.order.Held;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.HeldState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// What the monitors of this node hold, as far as they told, and which of them holds what.
///
/// A resource is **bound** to the monitor that was told to open it, until that one has closed it or its process is
/// proved to have ended: for that time no other monitor is told to open it.
///
/// A monitor that replaces a dead one adopts what it finds alive. A resource that was online in the dead one and
/// that the next one finds not running has failed, though nobody saw it: it is held as failed here, so that its
/// restart is decided by policy like any other.
///
/// A failure that the leader has not taken note of yet is not forgotten because a monitor tells something
/// newer: what is offline after it may not be started before it is decided whether it may.
///
/// **Threads:** one.
final class HeldResources {
    /// The detail of a failure nobody saw.
    static final String LOST = "its monitor died and left no record of it";

    private final TreeMap<ResourceId, HeldResource> held = new TreeMap<>();
    private final TreeMap<ResourceId, String> hosts = new TreeMap<>();
    private final TreeMap<ResourceId, HeldResource> believedOnline = new TreeMap<>();
    private final TreeMap<ResourceId, Long> sequences = new TreeMap<>();
    private final TreeMap<ResourceId, HeldResource> undecided = new TreeMap<>();

    /// A monitor connected and told everything it holds; what it was told before it was connected is forgotten.
    void attached(String monitor, List<HeldResource> inventory, Instant now) {
        var gone = new TreeSet<>(hostedBy(monitor));
        inventory.forEach(one -> gone.remove(new ResourceId(one.resource())));
        gone.forEach(this::unbind);
        told(monitor, inventory, now);
    }

    /// A monitor told once more everything it holds; an order to open more may be on its way to it.
    void told(String monitor, List<HeldResource> inventory, Instant now) {
        inventory.forEach(one -> report(monitor, one, now));
    }

    /// A resource changed in a monitor; returns what is held of it from now on, nothing when another monitor holds
    /// it.
    Optional<HeldResource> report(String monitor, HeldResource report, Instant now) {
        var id = new ResourceId(report.resource());
        if (!hosts.computeIfAbsent(id, _ -> monitor).equals(monitor)) {
            return Optional.empty();
        }
        var believed = believedOnline.get(id);
        var seen = report;
        if (believed != null && hasLooked(report.state())) {
            believedOnline.remove(id);
            if (report.state() == HeldState.OFFLINE) {
                seen = lost(report, LOST, believed, now);
            } else if (report.state() == HeldState.FAILED && report.attempt() < believed.attempt()) {
                seen = lost(report, report.detail(), believed, now);
            }
        }
        held.put(id, seen);
        if (seen.state() == HeldState.FAILED) {
            undecided.put(id, seen);
        }
        sequences.put(id, seen.sequence());
        return Optional.of(seen);
    }

    /// Whether a new monitor knows what became of a resource. One that it ends is on its way to rest because of
    /// what was left of it, not because somebody asked.
    private static boolean hasLooked(HeldState state) {
        return switch (state) {
            case INITIALIZING, OFFLINE_PENDING -> false;
            case OFFLINE, ONLINE_PENDING, ONLINE, FAILED -> true;
        };
    }

    /// A failure of the attempt that the dead monitor was in, which the new one may not know.
    private static HeldResource lost(HeldResource report, String detail, HeldResource believed, Instant now) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, now);
        return new HeldResource(
                report.resource(),
                HeldState.FAILED,
                Math.max(report.sequence(), believed.sequence() + 1),
                believed.epoch(),
                believed.attempt(),
                report.specRevision(),
                "",
                detail,
                micros,
                micros);
    }

    /// A monitor is told to open a resource.
    void opening(ResourceId resource, String monitor) {
        hosts.putIfAbsent(resource, monitor);
    }

    /// A monitor no longer hosts a resource.
    void closed(String monitor, ResourceId resource) {
        if (monitor.equals(hosts.get(resource))) {
            unbind(resource);
            undecided.remove(resource);
        }
    }

    /// The process of a monitor has ended: whoever opens what it hosted adopts it.
    ///
    /// @return what it hosted
    SortedSet<ResourceId> gone(String monitor) {
        var hosted = hostedBy(monitor);
        for (var id : hosted) {
            var last = held.get(id);
            if (last != null && startedOrStarting(last.state())) {
                believedOnline.put(id, last);
            }
            unbind(id);
        }
        return hosted;
    }

    /// What there is to tell of a resource whose monitor is dead, until another one has looked: that it is not
    /// known, and why.
    ///
    /// @param last what that monitor held
    /// @param told the sequence number that the leader knows
    HeldResource unknown(HeldResource last, String why, long told, Instant now) {
        var id = new ResourceId(last.resource());
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, now);
        long sequence = Math.max(Math.max(sequenceOf(id), told), last.sequence()) + 1;
        sequences.put(id, sequence);
        return new HeldResource(
                last.resource(),
                HeldState.INITIALIZING,
                sequence,
                last.epoch(),
                last.attempt(),
                last.specRevision(),
                "",
                why,
                micros,
                micros);
    }

    private void unbind(ResourceId id) {
        hosts.remove(id);
        held.remove(id);
    }

    private static boolean startedOrStarting(HeldState state) {
        return state == HeldState.ONLINE || state == HeldState.ONLINE_PENDING;
    }

    /// The monitor that holds a resource or was told to open it.
    Optional<String> hostOf(ResourceId resource) {
        return Optional.ofNullable(hosts.get(resource));
    }

    /// What a monitor holds or was told to open.
    SortedSet<ResourceId> hostedBy(String monitor) {
        var hosted = new TreeSet<ResourceId>();
        hosts.forEach((id, host) -> {
            if (host.equals(monitor)) {
                hosted.add(id);
            }
        });
        return hosted;
    }

    /// Every monitor that holds something or was told to open something.
    SortedSet<String> hosts() {
        return new TreeSet<>(hosts.values());
    }

    /// Which monitor holds what, as it is now.
    SortedMap<ResourceId, String> places() {
        return new TreeMap<>(hosts);
    }

    /// The sequence number last seen of a resource on this node, 0 when it was never seen.
    long sequenceOf(ResourceId resource) {
        return sequences.getOrDefault(resource, 0L);
    }

    /// Forgets what is known of resources that no longer exist.
    void keepOnly(Collection<ResourceId> existing) {
        sequences.keySet().removeIf(id -> !existing.contains(id) && !hosts.containsKey(id));
        believedOnline.keySet().removeIf(id -> !existing.contains(id));
        undecided.keySet().removeIf(id -> !existing.contains(id));
    }

    /// What was online in a monitor that died, and of which the next one has not said anything yet.
    Set<ResourceId> unconfirmed() {
        return Collections.unmodifiableSet(believedOnline.keySet());
    }

    /// Everything held.
    SortedMap<ResourceId, HeldResource> all() {
        return held;
    }

    /// Everything held, as the core sees it: what failed is failed until the leader has decided upon it.
    ///
    /// @param told the sequence number of a resource that the leader knows
    SortedMap<ResourceId, Held> view(ToLongFunction<ResourceId> told) {
        undecided.values().removeIf(failed -> told.applyAsLong(new ResourceId(failed.resource())) >= failed.sequence());
        var view = new TreeMap<ResourceId, Held>();
        held.forEach((id, one) -> view.put(id, asFailed(Translation.held(one), undecided.get(id))));
        return view;
    }

    private static Held asFailed(Held is, @Nullable HeldResource failed) {
        return failed == null || is.state() != ResourceState.OFFLINE
                ? is
                : new Held(ResourceState.FAILED, is.epoch(), Math.max(is.attempt(), failed.attempt()), is.revision());
    }

    /// Resources of which something may still run.
    SortedMap<ResourceId, HeldResource> running() {
        var running = new TreeMap<>(held);
        running.values().removeIf(one -> Translation.held(one).state().atRest());
        return running;
    }
}
