package dev.mainstay.service.http;

import dev.mainstay.api.EventView;
import dev.mainstay.api.WhyView;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Group;
import dev.mainstay.core.state.Reason;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.ResourceState;
import dev.mainstay.core.state.Words;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// Finds the facts that led to where a group or a resource is now.
///
/// The chain goes back to the last command of an operator that changed where it should be, or as far as one page
/// shows. It follows dependencies: what stopped a provider stopped its dependents as well.
final class Why {
    /// What is looked through.
    private static final int READ = 200;

    /// What is shown.
    private static final int SHOWN = 20;

    private static final Comparator<EventView> ORDER = Comparator.comparing(EventView::id, FactOrder.BY_ID);

    /// Of how many providers facts are looked for; nearest first.
    private static final int FOLLOWED = 16;

    /// What tells of a provider why its dependents stopped or came back.
    private static final Set<String> CONCERNS_DEPENDENTS = Set.of(
            "ResourceFailed",
            "FailureRequested",
            "RestartScheduled",
            "RetryScheduled",
            "ResourceGivenUp",
            "AttemptPermitted",
            "RestartRequested",
            "ResourceWanted");

    /// What an operator does about failures and beside them: it explains nothing of what was before.
    private static final Set<String> FORGETS = Set.of(
            "RestartsForgotten", "FailoversForgotten", "AttemptPermitted", "MaintenanceBegan", "MaintenanceEnded");

    /// The rule of what stops because of what it needs.
    private static final String STOPPED = Reason.Rule.PROVIDER.name();

    /// What stands between what a report says and why.
    private static final String BECAUSE = ", because ";

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
        var chain = chain(facts(resource));
        var sentence = sentences.of(resource);
        return new WhyView(
                "resource",
                name,
                Sentences.words(resource.status().observed().state()),
                "resource '%s' %s%s%s"
                        .formatted(
                                name,
                                sentence,
                                Views.lastKnown(state, resource, monitors)
                                        .map("; last known: "::concat)
                                        .orElse(""),
                                lastTrouble(resource, sentence, chain)),
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

    private List<EventView> facts(Resource resource) {
        var facts = new ArrayList<>(
                journal.about("resource", resource.settings().id().value(), READ));
        journal.about("group", resource.settings().group().value(), READ).stream()
                .filter(fact -> fact.resource().isEmpty())
                .forEach(facts::add);
        for (var provider : providers(resource)) {
            journal.about("resource", provider.value(), READ).stream()
                    .filter(fact -> CONCERNS_DEPENDENTS.contains(fact.event())
                            || fact.rule().equals(STOPPED))
                    .forEach(facts::add);
        }
        return facts;
    }

    private Set<ResourceId> providers(Resource resource) {
        var found = new LinkedHashSet<ResourceId>();
        var open = new ArrayDeque<>(resource.settings().dependency().providers());
        while (!open.isEmpty() && found.size() < FOLLOWED) {
            var next = open.remove();
            if (found.add(next)) {
                state.resource(next)
                        .ifPresent(
                                one -> open.addAll(one.settings().dependency().providers()));
            }
        }
        return found;
    }

    /// What a resource went through that is well again: the evidence, and the rule that was applied to it.
    private static String lastTrouble(Resource resource, String sentence, List<EventView> chain) {
        if (resource.status().observed().state() == ResourceState.FAILED) {
            return "";
        }
        for (var index = chain.size() - 1; index >= 0; index--) {
            var fact = chain.get(index);
            if (!fact.resource().equals(resource.settings().id().value())) {
                continue;
            }
            if (fact.event().equals("ResourceFailed")) {
                return "; it failed at %s (%s)%s"
                        .formatted(time(fact), evidence(fact), then(chain.subList(index + 1, chain.size())));
            }
            if (fact.rule().equals(STOPPED)) {
                // what is still kept by it says so itself
                return sentence.contains(cause(fact))
                        ? ""
                        : "; it was stopped at %s because %s%s"
                                .formatted(time(fact), cause(fact), thenOfProvider(chain, index));
            }
        }
        return "";
    }

    private static String time(EventView fact) {
        return Words.of(Instant.parse(fact.time()));
    }

    private static String evidence(EventView failed) {
        var detail = failed.fields().getOrDefault("detail", "");
        return detail.isEmpty() ? failed.text() : detail;
    }

    private static String cause(EventView stopped) {
        var at = stopped.text().indexOf(BECAUSE);
        return at < 0 ? stopped.text() : stopped.text().substring(at + BECAUSE.length());
    }

    private static String then(List<EventView> later) {
        return later.stream()
                .filter(fact -> FOLLOWS.contains(fact.event()))
                .findFirst()
                .map(fact -> ", then: " + fact.text())
                .orElse("");
    }

    private static String thenOfProvider(List<EventView> chain, int stopped) {
        for (var index = stopped - 1; index >= 0; index--) {
            if (chain.get(index).event().equals("ResourceFailed")) {
                return then(chain.subList(index + 1, chain.size()));
            }
        }
        return "";
    }

    /// Keeps the last of the reports that tell the same state of a resource one after another: between them only
    /// the checkpoint moved on.
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
        return fact.actor().startsWith("user ") && !FORGETS.contains(fact.event());
    }

    private static boolean sameCause(EventView one, EventView other) {
        return one.actor().equals(other.actor()) && one.cause().equals(other.cause());
    }
}
