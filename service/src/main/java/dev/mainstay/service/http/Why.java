package dev.mainstay.service.http;

import dev.mainstay.api.EventView;
import dev.mainstay.api.WhyView;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Group;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.core.state.Words;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Finds the facts that led to where a group or a resource is now.
///
/// The chain goes back to the last command of an operator, or as far as one page shows.
final class Why {
    /// What is looked through.
    private static final int READ = 200;

    /// What is shown.
    private static final int SHOWN = 20;

    private static final Comparator<EventView> ORDER = Comparator.comparing(EventView::id, FactOrder.BY_ID);

    /// The decisions that follow a failure.
    private static final Set<String> FOLLOWS =
            Set.of("RestartScheduled", "RetryScheduled", "ResourceGivenUp", "AttemptPermitted", "GroupMoving");

    private final ClusterState state;
    private final Facts journal;
    private final MonitorDesk monitors;
    private final Sentences sentences;

    /// @param wallTime what the wall clock says at a moment of cluster time
    Why(ClusterState state, Facts journal, MonitorDesk monitors, UnaryOperator<Instant> wallTime) {
        this.state = state;
        this.monitors = monitors;
        this.sentences = new Sentences(state, wallTime);
        this.journal = journal;
    }

    WhyView of(Group group) {
        var name = group.settings().id().value();
        return new WhyView(
                "group",
                name,
                Sentences.words(state.stateOf(group.settings().id())),
                "group '%s': %s%s".formatted(name, sentences.of(group), lastKnown(group)),
                chain(journal.about("group", name, READ)));
    }

    WhyView of(Resource resource) {
        var name = resource.settings().id().value();
        var group = resource.settings().group().value();
        var facts = Stream.concat(
                        journal.about("resource", name, READ).stream(),
                        journal.about("group", group, READ).stream()
                                .filter(fact -> fact.resource().isEmpty()))
                .toList();
        var chain = chain(facts);
        return new WhyView(
                "resource",
                name,
                Sentences.words(resource.status().observed().state()),
                "resource '%s' %s%s%s"
                        .formatted(
                                name,
                                sentences.of(resource),
                                Views.lastKnown(state, resource, monitors)
                                        .map("; last known: "::concat)
                                        .orElse(""),
                                lastFailure(resource, chain)),
                chain);
    }

    private String lastKnown(Group group) {
        return state.resourcesOf(group.settings().id()).stream()
                .flatMap(resource -> Views.lastKnown(state, resource, monitors)
                        .map(why -> "; last known of '%s': %s"
                                .formatted(resource.settings().id(), why))
                        .stream())
                .collect(Collectors.joining());
    }

    /// What a resource went through that is well again: the evidence, and the rule that was applied to it.
    private static String lastFailure(Resource resource, List<EventView> chain) {
        if (resource.status().observed().state() == ResourceState.FAILED) {
            return "";
        }
        for (var index = chain.size() - 1; index >= 0; index--) {
            var failed = chain.get(index);
            if (failed.event().equals("ResourceFailed")
                    && failed.resource().equals(resource.settings().id().value())) {
                var detail = failed.fields().getOrDefault("detail", "");
                var decided = chain.subList(index + 1, chain.size()).stream()
                        .filter(fact -> FOLLOWS.contains(fact.event()))
                        .findFirst();
                return "; it failed at %s (%s)%s"
                        .formatted(
                                Words.of(Instant.parse(failed.time())),
                                detail.isEmpty() ? failed.text() : detail,
                                decided.map(fact -> ", then: " + fact.text()).orElse(""));
            }
        }
        return "";
    }

    /// Keeps the last of the reports that tell the same state of a resource one after another: between them only
    /// the
    /// checkpoint moved on.
    private static List<EventView> withoutRepetitions(List<EventView> sorted) {
        var kept = new ArrayList<EventView>();
        Map<String, EventView> latest = new HashMap<>();
        for (var fact : sorted) {
            var before = latest.put(fact.resource(), fact);
            if (before != null
                    && fact.event().equals("ResourceObserved")
                    && before.event().equals("ResourceObserved")
                    && before.fields().get("state") != null
                    && Objects.equals(
                            before.fields().get("state"), fact.fields().get("state"))) {
                kept.remove(before);
            }
            kept.add(fact);
        }
        return kept;
    }

    private static List<EventView> chain(List<EventView> facts) {
        var sorted = withoutRepetitions(facts.stream().sorted(ORDER).toList());
        var first = sorted.size();
        while (first > 0 && sorted.size() - first < SHOWN) {
            first--;
            if (isCommand(sorted.get(first)) && (first == 0 || !sameCause(sorted.get(first), sorted.get(first - 1)))) {
                break;
            }
        }
        return sorted.subList(first, sorted.size());
    }

    private static boolean isCommand(EventView fact) {
        return fact.actor().startsWith("user ");
    }

    private static boolean sameCause(EventView one, EventView other) {
        return one.actor().equals(other.actor()) && one.cause().equals(other.cause());
    }
}
