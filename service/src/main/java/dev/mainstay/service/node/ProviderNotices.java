package dev.mainstay.service.node;

import dev.mainstay.core.state.ClusterState;
import dev.mainstay.core.state.ResourceId;
import dev.mainstay.core.state.Words;
import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.HeldState;
import dev.mainstay.service.node.Notices.Notice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Tells resources that a provider of theirs changed its state.
///
/// Told is what changes while this service runs, to dependents that are open then; of changes in quick succession
/// perhaps the last one only.
///
/// **Threads:** one.
final class ProviderNotices {
    private static final String CODE = "provider-state-change";

    private final HeldResources held;
    private final Notices notices;
    private final Map<ResourceId, HeldState> known = new TreeMap<>();
    /// Who depends on whom, at a revision of the configuration.
    private Map<ResourceId, List<ResourceId>> dependents = Map.of();
    private long dependentsAt = -1;

    ProviderNotices(HeldResources held, Notices notices) {
        this.held = held;
        this.notices = notices;
    }

    /// A resource was seen. What is about to be looked at is in no state that anybody could act upon.
    void seen(HeldResource provider, ClusterState state) {
        if (provider.state() == HeldState.INITIALIZING) {
            return;
        }
        var id = new ResourceId(provider.resource());
        var before = known.put(id, provider.state());
        if (before == null || before == provider.state()) {
            return;
        }
        var input = Map.of("provider", List.of(provider.resource()), "state", List.of(Words.of(provider.state())));
        for (var dependent : dependentsOf(id, state)) {
            var other = held.all().get(dependent);
            if (other != null && other.state() != HeldState.INITIALIZING) {
                held.hostOf(dependent)
                        .ifPresent(host ->
                                notices.to(host, new Notice(dependent.value(), "", CODE, provider.resource(), input)));
            }
        }
    }

    private List<ResourceId> dependentsOf(ResourceId provider, ClusterState state) {
        if (dependentsAt != state.configRevision()) {
            var index = new TreeMap<ResourceId, List<ResourceId>>();
            state.resources()
                    .forEach((id, resource) -> resource.settings()
                            .dependency()
                            .providers()
                            .forEach(one -> index.computeIfAbsent(one, _ -> new ArrayList<>())
                                    .add(id)));
            dependents = index;
            dependentsAt = state.configRevision();
        }
        return dependents.getOrDefault(provider, List.of());
    }

    /// Forgets what no longer exists.
    void keepOnly(Collection<ResourceId> existing) {
        known.keySet().retainAll(existing);
    }
}
