package dev.mainstay.core.decision;

import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a locked resource stands in the way of: commands on its group, its own and those of its dependency tree.
///
/// A lock binds operators. Recovery from a failure is not bound by it: what failed does not work any more.
final class Locks {
    private Locks() {}

    /// A refusal when one of the resources is locked.
    static Optional<Decision> refuse(String asked, Collection<Resource> resources) {
        return resources.stream()
                .filter(Locks::isLocked)
                .findFirst()
                .map(locked -> Refusals.refuse(
                        Refusal.Code.LOCKED,
                        "%s: resource '%s' is locked (%s)"
                                .formatted(
                                        asked,
                                        locked.settings().id(),
                                        locked.status().observed().conditions().locked()),
                        "Wait until it is unlocked, or repeat the command with --ignore-lock."));
    }

    static boolean isLocked(Resource resource) {
        return !resource.status().observed().conditions().locked().isEmpty();
    }

    /// A resource and whatever it needs, in turn.
    static List<Resource> withProviders(ClusterState state, Resource resource) {
        return reached(state, resource, true);
    }

    /// A resource and whatever needs it, in turn.
    static List<Resource> withDependents(ClusterState state, Resource resource) {
        return reached(state, resource, false);
    }

    private static List<Resource> reached(ClusterState state, Resource from, boolean providers) {
        var found = new ArrayList<Resource>();
        var open = new ArrayDeque<>(List.of(from));
        var seen = new HashSet<>(List.of(from.settings().id()));
        var dependents = providers ? Map.<ResourceId, List<ResourceId>>of() : dependents(state, from);
        while (!open.isEmpty()) {
            var here = open.remove();
            found.add(here);
            var next = providers
                    ? here.settings().dependency().providers()
                    : dependents.getOrDefault(here.settings().id(), List.of());
            for (var id : next) {
                if (seen.add(id)) {
                    state.resource(id).ifPresent(open::add);
                }
            }
        }
        return found;
    }

    /// What needs each resource of the group, by name.
    private static Map<ResourceId, List<ResourceId>> dependents(ClusterState state, Resource one) {
        var dependents = new HashMap<ResourceId, List<ResourceId>>();
        for (var resource : state.resourcesOf(one.settings().group())) {
            for (var provider : resource.settings().dependency().providers()) {
                dependents
                        .computeIfAbsent(provider, _ -> new ArrayList<>())
                        .add(resource.settings().id());
            }
        }
        return dependents;
    }
}
