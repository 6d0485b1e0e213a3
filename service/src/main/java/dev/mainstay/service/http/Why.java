package dev.mainstay.service.http;

import dev.mainstay.api.EventView;
import dev.mainstay.api.WhyView;
import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Group;
import dev.mainstay.core.state.Resource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Finds the facts that led to where a group or a resource is now.
///
/// The chain goes back to the last command of an operator, or as far as one page shows.
final class Why {
    /// What is looked through.
    private static final int READ = 200;

    /// What is shown.
    private static final int SHOWN = 20;

    private static final Comparator<EventView> ORDER =
            Comparator.comparing(fact -> place(fact.id()), (one, other) -> Arrays.compare(one, other));

    private final ClusterState state;
    private final Facts journal;

    Why(ClusterState state, Facts journal) {
        this.state = state;
        this.journal = journal;
    }

    WhyView of(Group group) {
        var name = group.settings().id().value();
        return new WhyView(
                "group",
                name,
                Sentences.words(state.stateOf(group.settings().id())),
                "group '%s' %s".formatted(name, new Sentences(state).of(group)),
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
        return new WhyView(
                "resource",
                name,
                Sentences.words(resource.status().observed().state()),
                "resource '%s' %s".formatted(name, new Sentences(state).of(resource)),
                chain(facts));
    }

    private static List<EventView> chain(List<EventView> facts) {
        var sorted = facts.stream().sorted(ORDER).toList();
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

    private static long[] place(String id) {
        return Arrays.stream(id.split("[^0-9]+"))
                .filter(part -> !part.isEmpty() && part.length() < 19)
                .mapToLong(Long::parseLong)
                .toArray();
    }
}
