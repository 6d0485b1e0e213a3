package dev.mainstay.service.journal;

import dev.mainstay.api.EventView;
import dev.mainstay.core.event.Cause;
import dev.mainstay.core.event.Event;
import dev.mainstay.core.event.LogEntry;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Observed;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceState;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;

/// Facts as a client sees them.
public final class EventViews {
    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private EventViews() {}

    /// What one fact concerns: the names may be empty.
    private record About(String group, String resource, String node, Map<String, String> fields) {
        About and(String field, Object value) {
            fields.put(field, value.toString());
            return this;
        }
    }

    /// @param id place in the order of facts
    /// @param before the state before the entry; tells where something was that the fact removes
    /// @param after the state after the entry
    public static EventView of(
            String id, LogEntry entry, Cause cause, Event event, ClusterState before, ClusterState after) {
        var about = about(event, entry, before, after);
        var reason = event.reason();
        return new EventView(
                id,
                MICROSECONDS.format(happened(event, entry, before)),
                event.getClass().getSimpleName(),
                about.group,
                about.resource,
                about.node,
                reason.rule().name(),
                reason.text(),
                cause.command(),
                cause.actor(),
                cause.text(),
                about.fields);
    }

    /// When it happened: a node tells when it saw what it reports, anything else happens as it is written. What is
    /// told again, to a cluster service that has just started, is news of now.
    private static Instant happened(Event event, LogEntry entry, ClusterState before) {
        var seen = switch (event) {
            case Event.ResourceObserved observed ->
                before.resource(observed.resource())
                        .filter(one -> one.status().observed().state() != ResourceState.INITIALIZING)
                        .map(_ -> observed.observed().seenAt())
                        .orElse(Instant.EPOCH);
            case Event.ResourceFailed failed -> failed.observed().seenAt();
            default -> Instant.EPOCH;
        };
        return seen.equals(Instant.EPOCH) ? entry.wallTime() : seen;
    }

    private static About about(Event event, LogEntry entry, ClusterState before, ClusterState after) {
        return switch (event) {
            case Event.NodeUp up -> node(up.node()).and("incarnation", up.incarnation());
            case Event.NodeStopping stopping -> node(stopping.node());
            case Event.NodeDown down -> node(down.node());
            case Event.ClusterStopping _, Event.ClusterRunning _ -> new About("", "", "", new TreeMap<>());
            case Event.TypeRegistered registered ->
                node("").and("type", registered.type().name())
                        .and("version", registered.type().version())
                        .and(
                                "pendingTimeoutMicros",
                                registered.type().pendingTimeout().toNanos() / 1_000);
            case Event.TypeConfigured configured ->
                node("").and("type", configured.settings().type())
                        .and("monitor", configured.settings().monitor());
            case Event.GroupAdded added -> group(added.settings().id(), added.owner());
            case Event.GroupChanged changed -> group(changed.settings().id(), "");
            case Event.GroupDeleted deleted -> group(deleted.group(), "");
            case Event.GroupWanted wanted ->
                group(wanted.group(), "").and("wanted", wanted.online() ? "online" : "offline");
            case Event.MaintenanceBegan began ->
                resource(began.resource(), before, after)
                        .and("reason", began.maintenance().reason())
                        .and("by", began.maintenance().by());
            case Event.MaintenanceEnded ended -> resource(ended.resource(), before, after);
            case Event.RestartRequested restart -> resource(restart.resource(), before, after);
            case Event.RestartsForgotten forgotten -> resource(forgotten.resource(), before, after);
            case Event.FailoversForgotten forgotten -> group(forgotten.group(), "");
            case Event.EmbeddedFailureNoted noted ->
                resource(noted.resource(), before, after).and("evidence", noted.evidence());
            case Event.NetworkLost lost -> group(lost.group(), lost.node());
            case Event.GroupMoving moving ->
                group(moving.group(), ownerOf(moving.group().value(), before))
                        .and("target", moving.target())
                        .and("failover", moving.failover())
                        .and("failoversCounted", moving.failovers().size());
            case Event.OwnerChanged changed -> owned(changed, before, after);
            case Event.ResourceAdded added ->
                resource(added.settings().id(), before, after)
                        .and("type", added.settings().type());
            case Event.ResourceChanged changed -> resource(changed.settings().id(), before, after);
            case Event.ResourceDeleted deleted -> resource(deleted.resource(), before, after);
            case Event.ResourceWanted wanted ->
                resource(wanted.resource(), before, after).and("wanted", wanted.wanted());
            case Event.ResourceObserved seen -> observed(resource(seen.resource(), before, after), seen.observed());
            case Event.ResourceFailed failed -> observed(resource(failed.resource(), before, after), failed.observed());
            case Event.FailureRequested asked ->
                resource(asked.resource(), asked.node().value(), before, after).and("attempt", asked.attempt());
            case Event.RestartScheduled restart ->
                due(resource(restart.resource(), before, after), restart.due(), entry);
            case Event.RetryScheduled retry -> due(resource(retry.resource(), before, after), retry.due(), entry);
            case Event.ResourceGivenUp given -> resource(given.resource(), before, after);
            case Event.AttemptPermitted permitted -> attempt(permitted, before, after);
        };
    }

    private static About owned(Event.OwnerChanged changed, ClusterState before, ClusterState after) {
        var about = group(changed.group(), changed.owner());
        about.and("source", ownerOf(changed.group().value(), before));
        after.group(changed.group())
                .ifPresent(group -> about.and("epoch", group.status().epoch()));
        return about;
    }

    private static About attempt(Event.AttemptPermitted permitted, ClusterState before, ClusterState after) {
        var about = resource(permitted.resource(), before, after)
                .and("restartsCounted", permitted.restarts().size());
        after.resource(permitted.resource())
                .ifPresent(resource -> about.and("attempt", resource.status().attempt()));
        return about;
    }

    private static About observed(About about, Observed seen) {
        return new About(about.group, about.resource, seen.node().value(), about.fields)
                .and("state", seen.state())
                .and("detail", seen.detail())
                .and("checkpoint", seen.checkpoint())
                .and("sequence", seen.sequence())
                .and("attempt", seen.attempt())
                .and("epoch", seen.epoch())
                .and("seenAtMicros", micros(seen.seenAt()))
                .and("changedAtMicros", micros(seen.changedAt()));
    }

    /// Cluster time is no time of day: the entry knows both.
    private static About due(About about, Instant clusterTime, LogEntry entry) {
        var due = entry.wallTime().plus(Duration.between(entry.time(), clusterTime));
        return about.and("dueMicros", micros(due)).and("due", MICROSECONDS.format(due));
    }

    private static About node(Object node) {
        return new About("", "", node.toString(), new TreeMap<>());
    }

    private static About group(Object group, Object node) {
        return new About(group.toString(), "", node.toString(), new TreeMap<>());
    }

    private static About resource(ResourceId id, ClusterState before, ClusterState after) {
        return resource(id, "", before, after);
    }

    private static About resource(ResourceId id, String node, ClusterState before, ClusterState after) {
        var group = after.resource(id)
                .or(() -> before.resource(id))
                .map(Resource::settings)
                .map(settings -> settings.group().value())
                .orElse("");
        var on = node.isEmpty() ? ownerOf(group, after) : node;
        return new About(group, id.value(), on, new TreeMap<>());
    }

    private static String ownerOf(String group, ClusterState state) {
        return state.groups().values().stream()
                .filter(one -> one.settings().id().value().equals(group))
                .map(one -> one.status().owner().value())
                .findFirst()
                .orElse("");
    }

    /// A time as the API writes it.
    static String text(Instant at) {
        return MICROSECONDS.format(at);
    }

    /// Microseconds since 1970.
    static long micros(Instant at) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, at);
    }
}
