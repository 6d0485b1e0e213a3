package dev.mainstay.service.node;

import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.NodeId;
import dev.mainstay.core.state.Reason.Rule;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.TypeName;
import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.protocol.ToService.Deadlocked;
import dev.mainstay.service.journal.LocalFact;
import dev.mainstay.service.monitors.Ending;
import dev.mainstay.service.monitors.MonitorName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What follows from the end of a monitor: who is kept apart from now on, what counts as failed, what the journal
/// says of it.
///
/// A call that does not return makes its resource failed and gives it a monitor of its own; the other resources of
/// that monitor are adopted. So is the one whose call alone was under way when its monitor crashed, but that it
/// counts as failed only when it ended the monitor of its own, too: before that its processes may be well. Whoever
/// cannot be blamed is not; who is suspected twice within an hour is.
///
/// **Threads:** one.
final class Incidents {
    private static final Logger LOG = LoggerFactory.getLogger(Incidents.class);
    private static final String ACTOR = "cluster service";

    /// As long as a crash counts for the delay of the next start.
    private static final Duration SUSPECTED = Duration.ofHours(1);

    private final NodeId self;
    private final Consumer<LocalFact> journal;
    private final InstantSource steady;
    private final Isolation isolation = new Isolation();
    /// Why what is left of a resource is ended when it is opened next.
    private final Map<ResourceId, String> leftovers = new TreeMap<>();

    /// What dead monitors hosted and nobody has told of since, by monitor.
    private final Map<String, Orphans> orphans = new TreeMap<>();

    /// Who was suspected of a crash last, and when: resources by name, types with a colon before theirs.
    private final Map<String, Instant> suspected = new TreeMap<>();

    private record Orphans(Ending ending, Set<ResourceId> waiting, int count) {}

    /// @param steady measures how long something is kept apart or suspected
    Incidents(NodeId self, Consumer<LocalFact> journal, InstantSource steady) {
        this.self = self;
        this.steady = steady;
        this.journal = journal;
    }

    Isolation isolation() {
        return isolation;
    }

    /// Why what is left of a resource must be ended when it is opened; empty when it is to be adopted.
    String leftoverOf(ResourceId resource) {
        return leftovers.getOrDefault(resource, "");
    }

    /// A resource was reported: whoever opened it knows what was to be ended.
    void reported(ResourceId resource, HeldResource held) {
        if (held.state() != HeldState.INITIALIZING) {
            leftovers.remove(resource);
            orphans.entrySet().removeIf(of -> hostedAgain(of.getKey(), of.getValue(), resource));
        }
    }

    private boolean hostedAgain(String monitor, Orphans of, ResourceId resource) {
        if (!of.waiting.remove(resource) || !of.waiting.isEmpty()) {
            return of.waiting.isEmpty();
        }
        var now = Instant.now();
        fact(
                "ResourcesAdopted",
                "",
                "",
                "what monitor '%s' (pid %d) hosted beside the resource that ended it is hosted again after %d ms: %d %s"
                        .formatted(
                                monitor,
                                of.ending.pid(),
                                Duration.between(of.ending.at(), now).toMillis(),
                                of.count,
                                of.count == 1 ? "resource" : "resources"),
                Map.of("monitor", monitor, "count", Integer.toString(of.count), "adoptedMicros", micros(now)));
        return true;
    }

    /// Forgets what no longer exists or belongs to another node.
    void keepOnly(Set<ResourceId> existing) {
        leftovers.keySet().retainAll(existing);
        suspected.keySet().removeIf(name -> !name.startsWith(":") && !existing.contains(new ResourceId(name)));
        orphans.values().removeIf(of -> {
            of.waiting.retainAll(existing);
            return of.waiting.isEmpty();
        });
    }

    private static String micros(Instant time) {
        return Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, time));
    }

    /// The process of a monitor has ended.
    ///
    /// @param hosted what it hosted
    void ended(String monitor, Ending ending, Set<ResourceId> hosted, ClusterState state) {
        var bystanders = new TreeSet<>(hosted);
        ending.culprit().map(ResourceId::new).ifPresent(bystanders::remove);
        if (ending.isCrash() && !bystanders.isEmpty()) {
            orphans.put(monitor, new Orphans(ending, bystanders, bystanders.size()));
        }
        switch (ending.kind()) {
            case ENDED -> {}
            case REPLACED -> note(monitor, "MonitorReplaced", ending, hosted);
            case CRASHED -> {
                note(monitor, "MonitorEnded", ending, hosted);
                crashed(monitor, ending, state);
            }
            case NOT_STARTED -> note(monitor, "MonitorNotStarted", ending, hosted);
            case DEADLOCKED ->
                ending.deadlock().ifPresent(what -> {
                    note(monitor, "MonitorEnded", ending, hosted);
                    deadlocked(monitor, ending, what, state);
                });
        }
    }

    private void deadlocked(String monitor, Ending ending, Deadlocked what, ClusterState state) {
        if (what.resource().isEmpty()) {
            isolateType(monitor, ending, new TypeName(what.type()), state);
            return;
        }
        var id = new ResourceId(what.resource());
        var words = words(ending);
        leftovers.put(id, words);
        fact("ResourceDeadlocked", group(id, state), what.resource(), words, fields(monitor, ending, what));
        if (!alone(id, monitor)) {
            isolate(id, ending, state, "hang");
        }
    }

    private void crashed(String monitor, Ending ending, ClusterState state) {
        var now = steady.instant();
        suspected.values().removeIf(at -> at.isBefore(now.minus(SUSPECTED)));
        boolean known = ending.suspects().culprit().isPresent();
        for (var suspect : ending.suspects().all()) {
            boolean ofType = suspect.resource().isEmpty();
            boolean again = suspected.put(ofType ? ":" + suspect.type() : suspect.resource(), now) != null;
            if (!known && !again) {
                continue;
            }
            if (ofType) {
                isolateType(monitor, ending, new TypeName(suspect.type()), state);
            } else {
                crashedBy(new ResourceId(suspect.resource()), monitor, ending, state);
            }
        }
    }

    private void crashedBy(ResourceId id, String monitor, Ending ending, ClusterState state) {
        if (state.resource(id).isEmpty()) {
            return;
        }
        if (alone(id, monitor)) {
            leftovers.put(id, words(ending));
            fact(
                    "ResourceCrashed",
                    group(id, state),
                    id.value(),
                    "resource '%s' counts as failed: it ended the monitor that hosts it alone (%s)"
                            .formatted(id, words(ending)),
                    Map.of("monitor", monitor));
        } else {
            isolate(id, ending, state, "crash");
        }
    }

    private void isolateType(String monitor, Ending ending, TypeName type, ClusterState state) {
        if (monitor.equals(MonitorName.ofType(type))
                || MonitorName.onlyResource(monitor).isPresent()) {
            return;
        }
        var span = state.typeSettings(type).isolation();
        isolation.of(type, span, steady.instant(), ending.reason());
        fact(
                "TypeIsolated",
                "",
                "",
                "type '%s' has monitors of its own %s: %s".formatted(type, inWords(span), ending.reason()),
                Map.of("type", type.value()));
    }

    /// @param what what is to concern it alone the next time
    private void isolate(ResourceId id, Ending ending, ClusterState state, String what) {
        var span = state.resource(id)
                .map(resource -> state.typeSettings(resource.settings().type()).isolation())
                .orElse(Duration.ZERO);
        isolation.of(id, span, steady.instant(), words(ending));
        fact(
                "ResourceIsolated",
                group(id, state),
                id.value(),
                "resource '%s' has a monitor of its own %s, so that its next %s concerns it alone"
                        .formatted(id, inWords(span), what),
                Map.of("monitor", MonitorName.ofResource(id)));
    }

    private static boolean alone(ResourceId id, String monitor) {
        return MonitorName.onlyResource(monitor).equals(Optional.of(id.value()));
    }

    private static String words(Ending ending) {
        return ending.evidence().isEmpty()
                ? ending.reason()
                : "%s; evidence: %s".formatted(ending.reason(), ending.evidence());
    }

    private static String group(ResourceId id, ClusterState state) {
        return state.resource(id)
                .map(resource -> resource.settings().group().value())
                .orElse("");
    }

    private static String inWords(Duration span) {
        return span.isZero() ? "until the cluster service restarts" : "for %d s".formatted(span.toSeconds());
    }

    private static Map<String, String> fields(String monitor, Ending ending, Deadlocked what) {
        return Map.of(
                "monitor", monitor,
                "pid", Long.toString(ending.pid()),
                "type", what.type(),
                "call", what.call(),
                "sinceMicros", Long.toString(what.sinceMicros()),
                "limitMillis", Long.toString(what.limitMillis()),
                "evidence", ending.evidence());
    }

    private void note(String monitor, String event, Ending ending, Set<ResourceId> hosted) {
        var text = "monitor '%s'%s: %s%s"
                .formatted(
                        monitor,
                        ending.pid() == 0 ? "" : " (pid %d)".formatted(ending.pid()),
                        ending.reason(),
                        hosted.isEmpty()
                                ? ""
                                : "; it hosted %d %s"
                                        .formatted(hosted.size(), hosted.size() == 1 ? "resource" : "resources"));
        fact(
                event,
                "",
                "",
                text,
                Map.of(
                        "monitor", monitor,
                        "pid", Long.toString(ending.pid()),
                        "hosted", Integer.toString(hosted.size()),
                        "evidence", ending.evidence()));
    }

    /// A monitor does not answer.
    void silent(String monitor, String text) {
        fact("MonitorSilent", "", "", text, Map.of("monitor", monitor));
    }

    /// A monitor answers again.
    void answers(String monitor, String text) {
        fact("MonitorAnswers", "", "", text, Map.of("monitor", monitor));
    }

    /// The process of a monitor cannot be ended.
    void stuck(String monitor, String trouble) {
        fact("MonitorStuck", "", "", trouble, Map.of("monitor", monitor));
    }

    /// A resource is debugged from now on, or no longer.
    void debug(ResourceId resource, String group, boolean begins, String actor) {
        journal.accept(new LocalFact(
                Instant.now(),
                begins ? "ResourceDebugged" : "ResourceNotDebugged",
                group,
                resource.value(),
                self.value(),
                Rule.REQUESTED.name(),
                begins
                        ? "resource '%s' is to have a monitor of its own for a debugger: deadlock timeout and pending timeout do not hold"
                                .formatted(resource)
                        : "resource '%s' is no longer debugged".formatted(resource),
                actor,
                Map.of("monitor", MonitorName.ofDebugged(resource))));
    }

    /// The journal is for later; the log is where an operator looks first.
    private void fact(String event, String group, String resource, String text, Map<String, String> fields) {
        LOG.warn("{}", text);
        journal.accept(new LocalFact(
                Instant.now(), event, group, resource, self.value(), Rule.MONITOR_LOST.name(), text, ACTOR, fields));
    }
}
