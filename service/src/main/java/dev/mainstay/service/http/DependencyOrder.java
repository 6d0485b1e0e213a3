package dev.mainstay.service.http;

import dev.mainstay.core.state.Resource;
import dev.mainstay.core.state.ResourceId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The order in which people read the resources of a group: each behind what it needs, by name where nothing else
/// decides.
final class DependencyOrder {
    private DependencyOrder() {}

    static List<Resource> of(Collection<Resource> group) {
        var ready = new TreeMap<ResourceId, Resource>();
        Map<ResourceId, Integer> waitsFor = new HashMap<>();
        Map<ResourceId, List<Resource>> dependents = new HashMap<>();
        group.forEach(one -> waitsFor.put(one.settings().id(), 0));
        for (var resource : group) {
            var id = resource.settings().id();
            for (var provider : resource.settings().dependency().providers()) {
                if (waitsFor.containsKey(provider)) {
                    waitsFor.merge(id, 1, Integer::sum);
                    dependents.computeIfAbsent(provider, _ -> new ArrayList<>()).add(resource);
                }
            }
            if (waitsFor.getOrDefault(id, 0) == 0) {
                ready.put(id, resource);
            }
        }
        var ordered = new ArrayList<Resource>();
        while (!ready.isEmpty()) {
            var next = ready.pollFirstEntry();
            ordered.add(next.getValue());
            for (var dependent : dependents.getOrDefault(next.getKey(), List.of())) {
                if (waitsFor.merge(dependent.settings().id(), -1, Integer::sum) == 0) {
                    ready.put(dependent.settings().id(), dependent);
                }
            }
        }
        return ordered;
    }
}
